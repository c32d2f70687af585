import { systemClock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { QueryPage, ReadOptions, Warehouse } from '../../../core/warehouse-engine.ts';
import { type JsonAnswer, jsonRequest } from '../merge/json-request.ts';
import { MergeWarehouse } from '../merge/merge-warehouse.ts';
import { readsOnly } from '../merge/reads-only.ts';
import { listOf, textOf } from '../merge/rest-rows.ts';
import type { SqlDriver } from '../merge/sql-driver.ts';
import { snowflakeLogin } from './snowflake-login.ts';
import { snowflakeWords } from './snowflake-words.ts';

export async function openSnowflake(settings: JsonObject, origin: string): Promise<Warehouse> {
  const warehouse = new MergeWarehouse(new SnowflakeDriver(settings, origin), snowflakeWords);
  await warehouse.prepare();
  return warehouse;
}

export async function testSnowflake(
  settings: JsonObject,
  origin: string,
): Promise<WarehouseTestResult> {
  try {
    await new SnowflakeDriver(settings, origin).run('select 1');
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return { ok: false, message: error.message };
  }
}

const runMs = 600_000;
const pollFirstMs = 20;
const pollMostMs = 2_000;

/** One statement is one request; one that takes long is asked for again. */
class SnowflakeDriver implements SqlDriver {
  readonly #settings: JsonObject;
  readonly #origin: string;

  constructor(settings: JsonObject, origin: string) {
    this.#settings = settings;
    this.#origin = origin;
  }

  async run(sql: string): Promise<readonly (readonly unknown[])[]> {
    const rows: (readonly unknown[])[] = [];
    for await (const page of this.#pages(sql, runMs)) rows.push(...page.rows);
    return rows;
  }

  async *read(
    sql: string,
    { timeoutMs, signal }: Pick<ReadOptions, 'timeoutMs'> & Partial<ReadOptions>,
  ): AsyncGenerator<QueryPage> {
    if (!readsOnly(sql)) {
      const text = 'Only a statement that reads is run here';
      throw new TributaryError('input_validation', text, { field: 'sql' });
    }
    try {
      yield* this.#pages(sql, timeoutMs, signal);
    } catch (cause) {
      if (!(cause instanceof TributaryError)) throw cause;
      throw new TributaryError('input_validation', cause.message, { field: 'sql', cause });
    }
  }

  async close(): Promise<void> {}

  async *#pages(sql: string, timeoutMs: number, signal?: AbortSignal): AsyncGenerator<QueryPage> {
    const text = (name: string) => String(this.#settings[name] ?? '');
    const role = text('role');
    let answer = await this.#ask('POST', '/api/v2/statements', {
      statement: sql,
      timeout: Math.ceil(timeoutMs / 1_000),
      database: text('database'),
      warehouse: text('warehouse'),
      ...(role !== '' && { role }),
      parameters: { TIMEZONE: 'UTC', TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD"T"HH24:MI:SS.FF6' },
    });
    const handle = encodeURIComponent(String(answer.body['statementHandle'] ?? ''));
    let pauseMs = pollFirstMs;
    while (answer.status === 202) {
      signal?.throwIfAborted();
      await systemClock.sleep(pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, pollMostMs);
      answer = await this.#ask('GET', `/api/v2/statements/${handle}`);
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
      answer = await this.#ask('GET', `/api/v2/statements/${handle}?partition=${part}`);
    }
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: JsonObject): Promise<JsonAnswer> {
    const login = snowflakeLogin(this.#settings, systemClock.now());
    const answer = await jsonRequest('Snowflake', method, `${this.#origin}${path}`, login, body);
    if (answer.status < 300) return answer;
    const words = answer.body['message'] ?? `HTTP ${answer.status}`;
    throw new TributaryError('warehouse_failed', `Snowflake: ${String(words)}`);
  }
}

/** Everything is given as a text. */
function plain(type: string, value: unknown): string | number | boolean | null {
  if (typeof value !== 'string') return null;
  if (type === 'boolean') return value === 'true';
  const isNumber = type === 'real' || type === 'fixed integer';
  if (isNumber && (type === 'real' || Number.isSafeInteger(Number(value)))) return Number(value);
  return value;
}
