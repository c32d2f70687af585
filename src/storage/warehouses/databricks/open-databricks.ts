import { systemClock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { QueryPage, ReadOptions, Warehouse } from '../../../core/warehouse-engine.ts';
import { jsonRequest } from '../merge/json-request.ts';
import { MergeWarehouse } from '../merge/merge-warehouse.ts';
import { readsOnly } from '../merge/reads-only.ts';
import { listOf, textOf } from '../merge/rest-rows.ts';
import type { SqlDriver } from '../merge/sql-driver.ts';
import { databricksWords } from './databricks-words.ts';

export async function openDatabricks(settings: JsonObject, origin: string): Promise<Warehouse> {
  const warehouse = new MergeWarehouse(new DatabricksDriver(settings, origin), databricksWords);
  await warehouse.prepare();
  return warehouse;
}

export async function testDatabricks(
  settings: JsonObject,
  origin: string,
): Promise<WarehouseTestResult> {
  try {
    await new DatabricksDriver(settings, origin).run('select 1');
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return { ok: false, message: error.message };
  }
}

const runMs = 600_000;
const pollFirstMs = 20;
const pollMostMs = 2_000;
const statements = '/api/2.0/sql/statements';

/** One statement is one request; one that takes long is asked for again. */
class DatabricksDriver implements SqlDriver {
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
    const path = String(this.#settings['httpPath'] ?? '');
    const late = systemClock.now() + timeoutMs;
    let answer = await this.#ask('POST', statements, {
      statement: sql,
      warehouse_id: path.split('/').at(-1) ?? '',
      catalog: String(this.#settings['catalog'] ?? ''),
      wait_timeout: '50s',
      on_wait_timeout: 'CONTINUE',
      disposition: 'INLINE',
      format: 'JSON_ARRAY',
    });
    const own = `${statements}/${encodeURIComponent(textOf(answer, 'statement_id'))}`;
    let pauseMs = pollFirstMs;
    while (['PENDING', 'RUNNING'].includes(textOf(answer['status'], 'state'))) {
      if (systemClock.now() > late) {
        await this.#ask('POST', `${own}/cancel`);
        const words = `Databricks: the statement took longer than ${timeoutMs / 1_000} s`;
        throw new TributaryError('warehouse_failed', words);
      }
      signal?.throwIfAborted();
      await systemClock.sleep(pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, pollMostMs);
      answer = await this.#ask('GET', own);
    }
    const { status, manifest, result } = answer;
    if (textOf(status, 'state') !== 'SUCCEEDED') {
      const error = typeof status === 'object' && status !== null && 'error' in status;
      const words = error ? textOf(status.error, 'message') : textOf(status, 'state');
      throw new TributaryError('warehouse_failed', `Databricks: ${words}`);
    }
    const schema = typeof manifest === 'object' && manifest !== null && 'schema' in manifest;
    const columns = listOf(schema ? manifest.schema : undefined, 'columns').map((one) => ({
      name: textOf(one, 'name'),
      type: textOf(one, 'type_name').toLowerCase(),
    }));
    let chunk = result;
    for (;;) {
      const rows = listOf(chunk, 'data_array').map((row) =>
        columns.map(({ type }, index) => plain(type, Array.isArray(row) ? row[index] : null)),
      );
      yield { columns, rows };
      const next = textOf(chunk, 'next_chunk_internal_link');
      if (next === '') return;
      signal?.throwIfAborted();
      chunk = await this.#ask('GET', next);
    }
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: JsonObject): Promise<JsonObject> {
    const login = { authorization: `Bearer ${String(this.#settings['token'] ?? '')}` };
    const url = `${this.#origin}${path}`;
    const answer = await jsonRequest('Databricks', method, url, login, body);
    if (answer.status < 300) return answer.body;
    const words = textOf(answer.body, 'message') || `HTTP ${answer.status}`;
    throw new TributaryError('warehouse_failed', `Databricks: ${words}`);
  }
}

/** Everything is given as a text. */
function plain(type: string, value: unknown): string | number | boolean | null {
  if (typeof value !== 'string') return null;
  if (type === 'boolean') return value === 'true';
  if (type === 'double' || type === 'float') return Number(value);
  const isInteger = ['long', 'bigint', 'int', 'short', 'byte'].includes(type);
  return isInteger && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
