import type { ClickHouseClient } from '@clickhouse/client';
import { TributaryError } from '../../../core/errors.ts';
import type {
  QueryOptions,
  QueryPage,
  QueryResult,
  ReadOptions,
} from '../../../core/warehouse-engine.ts';
import { plainValue } from '../sql/read-cell.ts';
import { takeRows } from '../sql/take-rows.ts';
import { clickhouseFailure, clickhouseWords } from './clickhouse-failure.ts';

/** Runs one statement that reads, as the server itself holds it, and takes of its rows what is asked for. */
export function queryClickhouse(
  client: ClickHouseClient,
  sql: string,
  options: QueryOptions,
): Promise<QueryResult> {
  return takeRows(readClickhouse(client, sql, options), options);
}

/** The rows of one statement that reads, as the server sends them. */
export async function* readClickhouse(
  client: ClickHouseClient,
  sql: string,
  { timeoutMs, signal }: Pick<ReadOptions, 'timeoutMs'> & Partial<ReadOptions>,
): AsyncGenerator<QueryPage> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await client.query({
      query: sql,
      format: 'JSONCompactEachRowWithNamesAndTypes',
      abort_signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      clickhouse_settings: {
        // Settings may be sent with the statement, what it reads may not be changed.
        readonly: '2',
        // The newest row of an id, in tables that hold a latest state.
        final: 1,
        max_execution_time: Math.ceil(timeoutMs / 1_000),
        output_format_json_quote_64bit_integers: 1,
      },
    });
    try {
      yield* pagesOf(answer.stream<readonly unknown[]>());
    } finally {
      answer.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    const words = clickhouseWords(error);
    if (late.aborted || /TIMEOUT_EXCEEDED|Timeout exceeded/i.test(words)) {
      throw refusal(`The query took longer than ${timeoutMs / 1000} s`, error);
    }
    // What comes from the server has a code; the rest is about the way there.
    if (error instanceof Error && 'code' in error && /^\d+$/.test(String(error.code))) {
      throw refusal(words, error);
    }
    throw clickhouseFailure(error);
  }
}

/** The first two lines are the names and the types of the columns. */
async function* pagesOf(
  lines: AsyncIterable<readonly { json(): readonly unknown[] }[]>,
): AsyncGenerator<QueryPage> {
  const head: string[][] = [];
  for await (const chunk of lines) {
    const found: (readonly unknown[])[] = [];
    for (const line of chunk) {
      const row = line.json();
      if (head.length < 2) head.push(row.map(String));
      else found.push(row);
    }
    const [names = [], types = []] = head;
    yield {
      columns: names.map((name, index) => ({ name, type: types[index] ?? '' })),
      rows: found.map((row) =>
        row.map((value, index) => plainValue(plainType(types[index] ?? ''), value)),
      ),
    };
  }
}

/** Integers are called as elsewhere. */
function plainType(type: string): string {
  return /^(Nullable\()?U?Int\d+\)?$/.test(type) ? 'bigint' : type;
}

function refusal(message: string, cause: unknown): TributaryError {
  return new TributaryError('input_validation', message, { field: 'sql', cause });
}
