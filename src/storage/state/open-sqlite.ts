import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { StateStore } from '../../core/state.ts';
import { EmbeddedLeases } from './embedded-leases.ts';
import { withKeptStatements } from './kept-statements.ts';
import { type Migrations, migrate } from './migrate.ts';

export interface SqliteOptions {
  /** Path of the database file, or `:memory:`. Its folder exists. */
  readonly file: string;
  /** Forward only, applied in the order of their names. Left out by a reader. */
  readonly migrations?: Migrations;
  /** A reader sees what the one writing process has committed. */
  readonly readOnly?: boolean;
  /** True: a commit survives power loss. False: it survives the death of the process. */
  readonly durable: boolean;
}

/** Opens a SQLite file behind kysely. Rejects with `store_failed`. */
export async function openSqlite<Tables>(options: SqliteOptions): Promise<StateStore<Tables>> {
  try {
    const sqlite = new Database(options.file, { readonly: options.readOnly ?? false });
    sqlite.pragma('busy_timeout = 5000');
    sqlite.pragma('cache_size = -4000');
    if (!options.readOnly) {
      sqlite.pragma('journal_mode = WAL');
      sqlite.pragma(`synchronous = ${options.durable ? 'FULL' : 'NORMAL'}`);
      sqlite.pragma('foreign_keys = ON');
    }
    const dialect = new SqliteDialect({ database: withKeptStatements(sqlite) });
    const db = new Kysely<Tables>({ dialect });
    if (options.migrations) await migrate(db, options.migrations);
    return {
      db,
      leases: new EmbeddedLeases(db),
      watchRevision: () => () => undefined,
      close: () => db.destroy(),
    };
  } catch (cause) {
    if (cause instanceof TributaryError) throw cause;
    throw new TributaryError('store_failed', `Cannot open the state store ${options.file}`, {
      cause,
    });
  }
}
