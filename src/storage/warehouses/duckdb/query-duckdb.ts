import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import { systemClock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { QueryOptions, QueryResult } from '../../../core/warehouse-engine.ts';
import { plainValue } from '../sql/read-cell.ts';

const readers: readonly number[] = [StatementType.SELECT, StatementType.EXPLAIN];

/** Runs one statement that reads, and takes of its rows what is asked for. */
export async function queryDuckdb(
  connection: DuckDBConnection,
  sql: string,
  { rows: most, offset, timeoutMs }: QueryOptions,
): Promise<QueryResult> {
  let isLate = false;
  const cancel = systemClock.after(timeoutMs, () => {
    isLate = true;
    connection.interrupt();
  });
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw refusal('Give one statement');
    const statement = await statements.prepare(0);
    if (!readers.includes(statement.statementType)) {
      throw refusal('Only a statement that reads is run here');
    }
    const result = await statement.stream();
    const types = result.columnTypes();
    const columns = result
      .columnNames()
      .map((name, index) => ({ name, type: String(types[index]) }));
    const found: QueryResult['rows'][number][] = [];
    let passed = 0;
    for await (const chunk of result.yieldRowsJson()) {
      for (const row of chunk) {
        passed += 1;
        if (passed > offset)
          found.push(row.map((value, index) => plainValue(columns[index]?.type ?? '', value)));
        if (found.length > most) return { columns, rows: found.slice(0, most), more: true };
      }
    }
    return { columns, rows: found, more: false };
  } catch (cause) {
    if (isLate) throw refusal(`The query took longer than ${timeoutMs / 1000} s`, cause);
    if (cause instanceof TributaryError) throw cause;
    throw refusal(cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    cancel();
  }
}

function refusal(message: string, cause?: unknown): TributaryError {
  return new TributaryError('input_validation', message, { field: 'sql', cause });
}
