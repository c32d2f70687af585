import type { ClickHouseClient } from '@clickhouse/client';
import { TributaryError } from '../../../core/errors.ts';
import type { QueryOptions, QueryResult } from '../../../core/warehouse-engine.ts';
import { plainValue } from '../sql/read-cell.ts';
import { clickhouseFailure, clickhouseWords } from './clickhouse-failure.ts';

/** Runs one statement that reads, as the server itself holds it, and takes of its rows what is asked for. */
export async function queryClickhouse(
  client: ClickHouseClient,
  sql: string,
  { rows: most, offset, timeoutMs }: QueryOptions,
): Promise<QueryResult> {
  try {
    const answer = await client.query({
      query: sql,
      format: 'JSONCompactEachRowWithNamesAndTypes',
      abort_signal: AbortSignal.timeout(timeoutMs),
      clickhouse_settings: {
        // Settings may be sent with the statement, what it reads may not be changed.
        readonly: '2',
        // The newest row of an id, in tables that hold a latest state.
        final: 1,
        max_execution_time: Math.ceil(timeoutMs / 1_000),
        output_format_json_quote_64bit_integers: 1,
      },
    });
    const head: string[][] = [];
    const found: (readonly unknown[])[] = [];
    let passed = 0;
    for await (const chunk of answer.stream<readonly unknown[]>()) {
      for (const line of chunk) {
        const row = line.json();
        if (head.length < 2) head.push(row.map(String));
        else if (passed < offset) passed += 1;
        else found.push(row);
      }
      if (found.length > most) break;
    }
    answer.close();
    const [names = [], types = []] = head;
    return {
      columns: names.map((name, index) => ({ name, type: types[index] ?? '' })),
      rows: found
        .slice(0, most)
        .map((row) => row.map((value, index) => plainValue(plainType(types[index] ?? ''), value))),
      more: found.length > most,
    };
  } catch (error) {
    const words = clickhouseWords(error);
    if (/timeout|TIMEOUT_EXCEEDED|aborted/i.test(words)) {
      throw refusal(`The query took longer than ${timeoutMs / 1000} s`, error);
    }
    // What comes from the server has a code; the rest is about the way there.
    if (error instanceof Error && 'code' in error && /^\d+$/.test(String(error.code))) {
      throw refusal(words, error);
    }
    throw clickhouseFailure(error);
  }
}

/** Integers are called as elsewhere. */
function plainType(type: string): string {
  return /^(Nullable\()?U?Int\d+\)?$/.test(type) ? 'bigint' : type;
}

function refusal(message: string, cause: unknown): TributaryError {
  return new TributaryError('input_validation', message, { field: 'sql', cause });
}
