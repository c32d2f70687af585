import { systemClock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { Warehouse } from '../../../core/warehouse-engine.ts';
import { growingPause } from '../merge/growing-pause.ts';
import { type JsonAnswer, jsonRequest } from '../merge/json-request.ts';
import { MergeWarehouse } from '../merge/merge-warehouse.ts';
import { type Pages, pagedDriver } from '../merge/paged-driver.ts';
import { listOf, textOf } from '../merge/rest-rows.ts';
import { testDriver } from '../merge/test-driver.ts';
import { snowflakeLogin } from './snowflake-login.ts';
import { snowflakeWords } from './snowflake-words.ts';

export function openSnowflake(settings: JsonObject, origin: string): Promise<Warehouse> {
  return MergeWarehouse.open(pagedDriver(snowflakePages(settings, origin)), snowflakeWords);
}

export function testSnowflake(settings: JsonObject, origin: string): Promise<WarehouseTestResult> {
  return testDriver(() => pagedDriver(snowflakePages(settings, origin)));
}

/** One statement is one request; one that takes long is asked for again. */
function snowflakePages(settings: JsonObject, origin: string): Pages {
  const text = (name: string) => String(settings[name] ?? '');

  async function ask(method: 'GET' | 'POST', path: string, body?: JsonObject): Promise<JsonAnswer> {
    const login = snowflakeLogin(settings, systemClock.now());
    const answer = await jsonRequest('Snowflake', method, `${origin}${path}`, login, body);
    if (answer.status < 300) return answer;
    const words = answer.body['message'] ?? `HTTP ${answer.status}`;
    throw new TributaryError('warehouse_failed', `Snowflake: ${String(words)}`);
  }

  return async function* pages(sql, timeoutMs, signal) {
    const role = text('role');
    let answer = await ask('POST', '/api/v2/statements', {
      statement: sql,
      timeout: Math.ceil(timeoutMs / 1_000),
      database: text('database'),
      warehouse: text('warehouse'),
      ...(role !== '' && { role }),
      parameters: { TIMEZONE: 'UTC', TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD"T"HH24:MI:SS.FF6' },
    });
    const handle = encodeURIComponent(String(answer.body['statementHandle'] ?? ''));
    const pause = growingPause(signal);
    while (answer.status === 202) {
      await pause();
      answer = await ask('GET', `/api/v2/statements/${handle}`);
    }
    const { resultSetMetaData: meta } = answer.body;
    const parts = listOf(meta, 'partitionInfo').length;
    const columns = listOf(meta, 'rowType').map((one) => ({
      name: textOf(one, 'name'),
      type: `${textOf(one, 'type')}${textOf(one, 'scale') === '0' ? ' integer' : ''}`,
    }));
    for (let part = 0; ; ) {
      const rows = listOf(answer.body, 'data').map((row) =>
        columns.map(({ type }, index) => plain(type, Array.isArray(row) ? row[index] : null)),
      );
      yield { columns, rows };
      part += 1;
      if (part >= parts) return;
      signal?.throwIfAborted();
      answer = await ask('GET', `/api/v2/statements/${handle}?partition=${part}`);
    }
  };
}

/** Everything is given as a text. */
function plain(type: string, value: unknown): string | number | boolean | null {
  if (typeof value !== 'string') return null;
  if (type === 'boolean') return value === 'true';
  const isNumber = type === 'real' || type === 'fixed integer';
  if (isNumber && (type === 'real' || Number.isSafeInteger(Number(value)))) return Number(value);
  return value;
}
