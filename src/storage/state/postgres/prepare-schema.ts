import { type Kysely, sql } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import { isMigrated, type Migrations, migrate } from '../migrate.ts';
import { connectionError } from './connection-failure.ts';
import { migrationTimes } from './connection-options.ts';
import type { PoolOptions } from './pool-driver.ts';
import { postgresDatabase } from './postgres-database.ts';

/** Any number; the same for all nodes of all versions. */
const lock = 7_210_458_113n;
/** Least version of the server: the oldest that is still maintained while this is written is 14. */
const leastVersion = 130_000;
/** A table that is in use is waited for this long: behind a statement that waits, all others queue. */
const tableLockMs = 10_000;

/**
 * Makes the schema and brings it up to `migrations`, in one transaction under an advisory lock of the
 * database, so that any number of nodes may start at once: one does it, the others wait and find it done;
 * one that dies in the middle leaves nothing behind. Where everything is there already nobody waits: a
 * node of the old version starts also while one of the new version migrates. The lock is the
 * transaction's, not the session's: no pooler can leave it with a connection.
 */
export async function prepareSchema(
  options: Omit<PoolOptions, 'times' | 'most' | 'hasLeases'>,
  migrations: Migrations,
): Promise<void> {
  const { schema } = options;
  const db = postgresDatabase<unknown>({
    ...options,
    times: migrationTimes,
    most: 1,
    hasLeases: false,
  });
  try {
    await refuseOldServer(db);
    if (await isPrepared(db, migrations, schema)) return;
    await db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(lock)})`.execute(trx);
      await sql`select set_config('lock_timeout', ${String(tableLockMs)}, true)`.execute(trx);
      const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(trx);
      // Where an administrator has made it, the right to make schemas is not needed.
      if (rows.length === 0) await trx.schema.createSchema(schema).execute();
      await migrate(trx, migrations, schema);
      await announceRevisions(trx, schema);
    });
  } catch (cause) {
    if (cause instanceof TributaryError) throw cause;
    throw connectionError(cause, options.settings);
  } finally {
    await db.destroy();
  }
}

async function isPrepared(
  db: Kysely<unknown>,
  migrations: Migrations,
  schema: string,
): Promise<boolean> {
  if (!(await isMigrated(db, migrations, schema))) return false;
  const { isWanted, isThere } = await announcement(db, schema);
  return isThere || !isWanted;
}

async function refuseOldServer(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ version: string }>`
    select current_setting('server_version_num') as version`.execute(db);
  if (Number(rows[0]?.version) < leastVersion) {
    throw new TributaryError('config_invalid', 'TRIBUTARY_STATE: PostgreSQL 13 or newer is needed');
  }
}

/** The channel on which revisions of the workspace are told. */
export function revisionChannel(schema: string): string {
  return `${schema}_revision`;
}

/** Has the database itself tell each new revision, whoever wrote it. */
async function announceRevisions(db: Kysely<unknown>, schema: string): Promise<void> {
  const { isWanted, isThere } = await announcement(db, schema);
  if (!isWanted || isThere) return;
  await sql`
    create or replace function announce_revision() returns trigger language plpgsql as ${sql.lit(
      `begin perform pg_notify('${revisionChannel(schema)}', new.revision::text); return null; end`,
    )}`.execute(db);
  await sql`
    create trigger announce_revision after update of revision on workspace
    for each row execute function announce_revision()`.execute(db);
}

/** The work database has no workspace whose revisions there would be to tell. */
async function announcement(
  db: Kysely<unknown>,
  schema: string,
): Promise<{ readonly isWanted: boolean; readonly isThere: boolean }> {
  const { rows } = await sql<{ wanted: boolean; there: boolean }>`
    select to_regclass(${`${schema}.workspace`}) is not null as wanted,
      exists (
        select 1 from pg_trigger
        where tgname = 'announce_revision' and tgrelid = to_regclass(${`${schema}.workspace`})
      ) as there`.execute(db);
  return { isWanted: rows[0]?.wanted === true, isThere: rows[0]?.there === true };
}
