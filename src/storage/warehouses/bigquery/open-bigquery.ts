import { BigQuery, type BigQueryOptions, type Job } from '@google-cloud/bigquery';
import { TributaryError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { QueryPage, Warehouse } from '../../../core/warehouse-engine.ts';
import { MergeWarehouse } from '../merge/merge-warehouse.ts';
import { type Pages, pagedDriver } from '../merge/paged-driver.ts';
import { testDriver } from '../merge/test-driver.ts';
import { bigqueryWords } from './bigquery-words.ts';

export async function openBigquery(
  settings: JsonObject,
  options: BigQueryOptions,
): Promise<Warehouse> {
  const driver = pagedDriver(bigqueryPages(settings, options));
  return MergeWarehouse.open(driver, bigqueryWords(locationOf(settings)));
}

export function testBigquery(
  settings: JsonObject,
  options: BigQueryOptions,
): Promise<WarehouseTestResult> {
  return testDriver(() => pagedDriver(bigqueryPages(settings, options)));
}

const rowsAtOnce = 2_000;

/** Each statement is a job. Throws `warehouse_failed` when the credentials are none. */
function bigqueryPages(settings: JsonObject, options: BigQueryOptions): Pages {
  const client = new BigQuery({
    projectId: String(settings['project'] ?? ''),
    ...(options.authClient === undefined && { credentials: credentialsOf(settings) }),
    userAgent: 'tributary',
    ...options,
  });
  return async function* pages(sql, timeoutMs, signal) {
    try {
      const [job] = await client.createQueryJob({
        query: sql,
        location: locationOf(settings),
        jobTimeoutMs: timeoutMs,
      });
      let pageToken: string | undefined;
      do {
        signal?.throwIfAborted();
        const { page, next } = await resultsOf(job, pageToken);
        yield page;
        pageToken = next;
      } while (pageToken !== undefined);
    } catch (error) {
      signal?.throwIfAborted();
      throw failure(error);
    }
  };
}

function locationOf(settings: JsonObject): string {
  return String(settings['location'] || 'US');
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
