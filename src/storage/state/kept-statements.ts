import type Database from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** How many statements are kept, and how long the text of one may be: longer ones hold many rows, and hardly come again. */
const most = 200;
const mostLength = 4_096;

/**
 * A SQLite database whose statements are prepared once and used again: the least recently used make room. kysely
 * runs each to its end before the next, so one of them is never asked for while it runs.
 */
export function withKeptStatements(sqlite: Database.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      if (sql.length > mostLength) return sqlite.prepare(sql);
      const statement = kept.get(sql) ?? sqlite.prepare(sql);
      kept.delete(sql);
      kept.set(sql, statement);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return statement;
    },
    close: () => sqlite.close(),
  };
}
