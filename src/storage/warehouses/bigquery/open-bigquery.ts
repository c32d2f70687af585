import { BigQuery, type BigQueryOptions, type Job } from '@google-cloud/bigquery';
import { TributaryError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { QueryPage, ReadOptions, Warehouse } from '../../../core/warehouse-engine.ts';
import { MergeWarehouse } from '../merge/merge-warehouse.ts';
import { readsOnly } from '../merge/reads-only.ts';
import type { SqlDriver } from '../merge/sql-driver.ts';
import { bigqueryWords } from './bigquery-words.ts';

export async function openBigquery(
  settings: JsonObject,
  options: BigQueryOptions,
): Promise<Warehouse> {
  const location = String(settings['location'] || 'US');
  const words = bigqueryWords(location);
  const warehouse = new MergeWarehouse(new BigqueryDriver(settings, location, options), words);
  await warehouse.prepare();
  return warehouse;
}

export async function testBigquery(
  settings: JsonObject,
  options: BigQueryOptions,
): Promise<WarehouseTestResult> {
  try {
    await new BigqueryDriver(settings, String(settings['location'] || 'US'), options).run(
      'select 1',
    );
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return { ok: false, message: error.message };
  }
}

const runMs = 600_000;
const rowsAtOnce = 2_000;

/** Each statement is a job. */
class BigqueryDriver implements SqlDriver {
  readonly #client: BigQuery;
  readonly #location: string;

  constructor(settings: JsonObject, location: string, options: BigQueryOptions) {
    this.#location = location;
    this.#client = new BigQuery({
      projectId: String(settings['project'] ?? ''),
      ...(options.authClient === undefined && { credentials: credentialsOf(settings) }),
      userAgent: 'tributary',
      ...options,
    });
  }

  async run(sql: string): Promise<readonly (readonly unknown[])[]> {
    const rows: (readonly unknown[])[] = [];
    try {
      for await (const page of this.#pages(sql, runMs)) rows.push(...page.rows);
    } catch (error) {
      throw failure(error);
    }
    return rows;
  }

  async *read(
    sql: string,
    { timeoutMs, signal }: Pick<ReadOptions, 'timeoutMs'> & Partial<ReadOptions>,
  ): AsyncGenerator<QueryPage> {
    const refuse = (message: string, cause?: unknown) =>
      new TributaryError('input_validation', message, { field: 'sql', cause });
    if (!readsOnly(sql)) throw refuse('Only a statement that reads is run here');
    try {
      yield* this.#pages(sql, timeoutMs, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      throw refuse(failure(cause).message, cause);
    }
  }

  async close(): Promise<void> {}

  async *#pages(sql: string, timeoutMs: number, signal?: AbortSignal): AsyncGenerator<QueryPage> {
    const [job] = await this.#client.createQueryJob({
      query: sql,
      location: this.#location,
      jobTimeoutMs: timeoutMs,
    });
    let pageToken: string | undefined;
    do {
      signal?.throwIfAborted();
      const { page, next } = await resultsOf(job, pageToken);
      yield page;
      pageToken = next;
    } while (pageToken !== undefined);
  }
}

async function resultsOf(
  job: Job,
  pageToken: string | undefined,
): Promise<{ readonly page: QueryPage; readonly next: string | undefined }> {
  const [rows, , answer] = await job.getQueryResults({
    ...{ autoPaginate: false, maxResults: rowsAtOnce, wrapIntegers: true },
    ...(pageToken !== undefined && { pageToken }),
  });
  const columns = (answer?.schema?.fields ?? []).map(({ name = '', type = '' }) => ({
    name,
    type,
  }));
  return {
    page: {
      columns,
      rows: rows.map((row: Record<string, unknown>) => columns.map(({ name }) => plain(row[name]))),
    },
    next: answer?.pageToken,
  };
}

/** Integers and moments come wrapped; lists and structures become JSON. */
function plain(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value !== 'object' || !('value' in value) || typeof value.value !== 'string') {
    return JSON.stringify(value);
  }
  const text = value.value;
  return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

/** The JSON key of a service account: as a text, or as the object that it is. */
function credentialsOf(settings: JsonObject): { client_email: string; private_key: string } {
  const given = settings['credentials'];
  let key: Json | undefined = given;
  try {
    if (typeof given === 'string') key = JSON.parse(given);
  } catch (cause) {
    throw notAKey(cause);
  }
  if (!isJsonObject(key)) throw notAKey();
  const { client_email: email, private_key: privateKey } = key;
  if (typeof email !== 'string' || typeof privateKey !== 'string') throw notAKey();
  return { client_email: email, private_key: privateKey };
}

function notAKey(cause?: unknown): TributaryError {
  const text = 'BigQuery: the credentials are not the JSON key of a service account';
  return new TributaryError('warehouse_failed', text, { cause });
}

function failure(error: unknown): TributaryError {
  if (error instanceof TributaryError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new TributaryError('warehouse_failed', `BigQuery: ${words}`, { cause: error });
}
