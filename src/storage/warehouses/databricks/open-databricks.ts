import { systemClock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { Warehouse } from '../../../core/warehouse-engine.ts';
import { growingPause } from '../merge/growing-pause.ts';
import { jsonRequest } from '../merge/json-request.ts';
import { MergeWarehouse } from '../merge/merge-warehouse.ts';
import { type Pages, pagedDriver } from '../merge/paged-driver.ts';
import { listOf, textOf } from '../merge/rest-rows.ts';
import { testDriver } from '../merge/test-driver.ts';
import { databricksWords } from './databricks-words.ts';

export function openDatabricks(settings: JsonObject, origin: string): Promise<Warehouse> {
  return MergeWarehouse.open(pagedDriver(databricksPages(settings, origin)), databricksWords);
}

export function testDatabricks(settings: JsonObject, origin: string): Promise<WarehouseTestResult> {
  return testDriver(() => pagedDriver(databricksPages(settings, origin)));
}

const statements = '/api/2.0/sql/statements';

/** One statement is one request; one that takes long is asked for again. */
function databricksPages(settings: JsonObject, origin: string): Pages {
  async function ask(method: 'GET' | 'POST', path: string, body?: JsonObject): Promise<JsonObject> {
    const login = { authorization: `Bearer ${String(settings['token'] ?? '')}` };
    const answer = await jsonRequest('Databricks', method, `${origin}${path}`, login, body);
    if (answer.status < 300) return answer.body;
    const words = textOf(answer.body, 'message') || `HTTP ${answer.status}`;
    throw new TributaryError('warehouse_failed', `Databricks: ${words}`);
  }

  return async function* pages(sql, timeoutMs, signal) {
    const path = String(settings['httpPath'] ?? '');
    const late = systemClock.now() + timeoutMs;
    let answer = await ask('POST', statements, {
      statement: sql,
      warehouse_id: path.split('/').at(-1) ?? '',
      catalog: String(settings['catalog'] ?? ''),
      wait_timeout: '50s',
      on_wait_timeout: 'CONTINUE',
      disposition: 'INLINE',
      format: 'JSON_ARRAY',
    });
    const own = `${statements}/${encodeURIComponent(textOf(answer, 'statement_id'))}`;
    const pause = growingPause(signal);
    while (['PENDING', 'RUNNING'].includes(textOf(answer['status'], 'state'))) {
      if (systemClock.now() > late) {
        await ask('POST', `${own}/cancel`);
        const words = `Databricks: the statement took longer than ${timeoutMs / 1_000} s`;
        throw new TributaryError('warehouse_failed', words);
      }
      await pause();
      answer = await ask('GET', own);
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
      chunk = await ask('GET', next);
    }
  };
}

/** Everything is given as a text. */
function plain(type: string, value: unknown): string | number | boolean | null {
  if (typeof value !== 'string') return null;
  if (type === 'boolean') return value === 'true';
  if (type === 'double' || type === 'float') return Number(value);
  const isInteger = ['long', 'bigint', 'int', 'short', 'byte'].includes(type);
  return isInteger && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
