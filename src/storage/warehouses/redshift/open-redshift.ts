import type { Client } from 'pg';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { QueryPage, ReadOptions, Warehouse } from '../../../core/warehouse-engine.ts';
import { MergeWarehouse } from '../merge/merge-warehouse.ts';
import type { SqlDriver } from '../merge/sql-driver.ts';
import { testDriver } from '../merge/test-driver.ts';
import { postgresConnector } from '../postgres/connect-postgres.ts';
import { wordsOf } from '../postgres/postgres-failure.ts';
import { plainValue } from '../sql/read-cell.ts';
import { redshiftWords } from './redshift-words.ts';

export async function openRedshift(settings: JsonObject): Promise<Warehouse> {
  return MergeWarehouse.open(await connectRedshift(settings), redshiftWords);
}

export function testRedshift(settings: JsonObject): Promise<WarehouseTestResult> {
  return testDriver(() => connectRedshift(settings));
}

async function connectRedshift(settings: JsonObject): Promise<SqlDriver> {
  const connect = postgresConnector(settings);
  return new RedshiftDriver(await connect(), connect);
}

/** Rows that are fetched at once. */
const rowsAtOnce = 1_000;

class RedshiftDriver implements SqlDriver {
  readonly #client: Client;
  readonly #connect: () => Promise<Client>;

  constructor(client: Client, connect: () => Promise<Client>) {
    this.#client = client;
    this.#connect = connect;
  }

  async run(sql: string): Promise<readonly (readonly unknown[])[]> {
    try {
      return (await this.#client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
    } catch (cause) {
      throw new TributaryError('warehouse_failed', `Redshift: ${wordsOf(cause)}`, { cause });
    }
  }

  /** In a transaction of its own, which can only read, through a cursor: Redshift would give all rows at once else. */
  async *read(
    sql: string,
    { timeoutMs, signal }: Pick<ReadOptions, 'timeoutMs'> & Partial<ReadOptions>,
  ): AsyncGenerator<QueryPage> {
    const client = await this.#connect();
    try {
      await client.query('begin read only');
      await client.query(`set statement_timeout to ${Math.round(timeoutMs)}`);
      await client.query({ name: 'page', text: `declare page cursor for ${sql}` });
      for (;;) {
        signal?.throwIfAborted();
        const text = `fetch forward ${rowsAtOnce} from page`;
        const { rows, fields } = await client.query<unknown[]>({ text, rowMode: 'array' });
        const columns = fields.map(({ name, dataTypeID }) => ({
          name,
          type: typeNames.get(dataTypeID) ?? 'text',
        }));
        yield {
          columns,
          rows: rows.map((row) =>
            row.map((value, index) => plainValue(columns[index]?.type ?? '', value)),
          ),
        };
        if (rows.length < rowsAtOnce) return;
      }
    } catch (cause) {
      signal?.throwIfAborted();
      throw new TributaryError('input_validation', wordsOf(cause), { field: 'sql', cause });
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

/** Those that are not given as they are. */
const typeNames: ReadonlyMap<number, string> = new Map([
  [20, 'bigint'],
  [1700, 'numeric'],
  [1114, 'timestamp without time zone'],
  [1184, 'timestamp with time zone'],
  [114, 'json'],
  [3802, 'jsonb'],
  [4000, 'json'],
]);
