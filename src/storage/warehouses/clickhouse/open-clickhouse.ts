import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { Warehouse } from '../../../core/warehouse-engine.ts';
import { clickhouseFailure } from './clickhouse-failure.ts';
import { ClickhouseWarehouse } from './clickhouse-warehouse.ts';

const requestMs = 10 * 60_000;

export async function openClickhouse(settings: JsonObject): Promise<Warehouse> {
  const client = connect(settings, requestMs);
  const warehouse = new ClickhouseWarehouse(client, textOf(settings, 'database'));
  try {
    await warehouse.prepare();
    return warehouse;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Whether the server takes the user, and the user may make tables in the database. */
export async function testClickhouse(settings: JsonObject): Promise<WarehouseTestResult> {
  const client = connect(settings, limits.warehouseTestMs);
  try {
    await client.query({ query: 'select 1', format: 'JSONCompact' });
    return { ok: true };
  } catch (error) {
    const { message } = clickhouseFailure(error);
    return { ok: false, message };
  } finally {
    await client.close();
  }
}

function connect(settings: JsonObject, timeoutMs: number): ClickHouseClient {
  const scheme = settings['secure'] === false ? 'http' : 'https';
  const url = `${scheme}://${textOf(settings, 'host')}:${textOf(settings, 'port')}`;
  if (!URL.canParse(url)) {
    throw new TributaryError('warehouse_failed', 'The host or the port of ClickHouse is none');
  }
  return createClient({
    url,
    username: textOf(settings, 'username'),
    password: textOf(settings, 'password'),
    application: 'tributary',
    request_timeout: timeoutMs,
    max_open_connections: 4,
    // What goes wrong is thrown.
    log: { level: ClickHouseLogLevel.OFF },
    compression: { request: true, response: true },
    clickhouse_settings: {
      date_time_input_format: 'best_effort',
      output_format_json_quote_64bit_integers: 0,
      // A long list of ids is part of a statement.
      max_query_size: '67108864',
    },
  });
}

function textOf(settings: JsonObject, name: string): string {
  const value = settings[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
