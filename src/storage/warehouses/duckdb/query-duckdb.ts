import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  StatementType,
} from '@duckdb/node-api';
import { systemClock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type {
  QueryOptions,
  QueryPage,
  QueryResult,
  ReadOptions,
} from '../../../core/warehouse-engine.ts';
import { plainValue } from '../sql/read-cell.ts';
import { takeRows } from '../sql/take-rows.ts';

/** Runs one statement that reads, and takes of its rows what is asked for. */
export function queryDuckdb(
  connection: DuckDBConnection,
  sql: string,
  options: QueryOptions,
): Promise<QueryResult> {
  return takeRows(readDuckdb(connection, sql, options), options);
}

/** The rows of one statement that reads, as DuckDB makes them, in a transaction that can only read. */
export async function* readDuckdb(
  connection: DuckDBConnection,
  sql: string,
  { timeoutMs, signal }: Pick<ReadOptions, 'timeoutMs'> & Partial<ReadOptions>,
): AsyncGenerator<QueryPage> {
  let isLate = false;
  const cancel = systemClock.after(timeoutMs, () => {
    isLate = true;
    connection.interrupt();
  });
  const onAbort = () => connection.interrupt();
  signal?.addEventListener('abort', onAbort);
  try {
    await connection.run('begin transaction read only');
    const statement = await prepareOnly(connection, sql);
    if (!(await isReading(connection, statement, sql))) {
      throw refusal('Only a statement that reads is run here');
    }
    const result = await statement.stream();
    const types = result.columnTypes();
    const columns = result
      .columnNames()
      .map((name, index) => ({ name, type: String(types[index]) }));
    yield { columns, rows: [] };
    for await (const chunk of result.yieldRowsJson()) {
      signal?.throwIfAborted();
      const rows = chunk.map((row) =>
        row.map((value, index) => plainValue(columns[index]?.type ?? '', value)),
      );
      yield { columns, rows };
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (isLate) throw refusal(`The query took longer than ${timeoutMs / 1000} s`, cause);
    if (cause instanceof TributaryError) throw cause;
    throw refusal(cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    cancel();
    signal?.removeEventListener('abort', onAbort);
  }
}

async function prepareOnly(connection: DuckDBConnection, sql: string) {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw refusal('Give one statement');
  return statements.prepare(0);
}

/** `explain analyze` runs what it explains: that has to read too, and to write no file, which no transaction hinders. */
async function isReading(
  connection: DuckDBConnection,
  { statementType }: DuckDBPreparedStatement,
  sql: string,
): Promise<boolean> {
  if (statementType === StatementType.SELECT) return true;
  const [explain] = /^\s*explain\s+(analyze\s+)?/i.exec(sql) ?? [];
  if (statementType !== StatementType.EXPLAIN || explain === undefined) return false;
  const explained = await prepareOnly(connection, sql.slice(explain.length));
  return explained.statementType === StatementType.SELECT;
}

function refusal(message: string, cause?: unknown): TributaryError {
  return new TributaryError('input_validation', message, { field: 'sql', cause });
}
