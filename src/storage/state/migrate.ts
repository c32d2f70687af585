import { type Kysely, sql } from 'kysely';
import { type Migration, type MigrationInfo, Migrator } from 'kysely/migration';
import { TributaryError } from '../../core/errors.ts';

export type Migrations = Readonly<Record<string, Migration>>;

/**
 * A migration of this name takes away or changes what an older version uses: versions that do not know it
 * refuse the database. All others only add.
 */
export function isContracting(name: string): boolean {
  return /^\d+-contract-/.test(name);
}

/**
 * Brings a database up to `migrations`, which are applied in the order of their names, each once. A
 * database that a newer version has added to is taken as it is. Rejects with `store_failed`, and with
 * `schema_too_new` when a newer version has also taken away. `schema` is where the migrations are written
 * down, on an engine that has schemas. Inside a transaction they are applied within it.
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  migrations: Migrations,
  schema?: string,
): Promise<void> {
  const migrator = migratorOf(db, migrations, schema);
  // A newer version has names that this one does not know, and the migrator would refuse them.
  if (await isUpToDate(migrator, db, migrations, schema)) return;
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error');
  throw new TributaryError(
    'store_failed',
    `Migration ${failed?.migrationName ?? ''} of the state store failed`,
    { cause: error },
  );
}

/** Whether a database has come at least as far as `migrations`. Rejects with `schema_too_new`. */
export function isMigrated<Tables>(
  db: Kysely<Tables>,
  migrations: Migrations,
  schema: string,
): Promise<boolean> {
  return isUpToDate(migratorOf(db, migrations, schema), db, migrations, schema);
}

function migratorOf<Tables>(db: Kysely<Tables>, migrations: Migrations, schema?: string): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    ...(schema !== undefined && { migrationTableSchema: schema }),
  });
}

async function isUpToDate<Tables>(
  migrator: Migrator,
  db: Kysely<Tables>,
  migrations: Migrations,
  schema?: string,
): Promise<boolean> {
  const known = await migrator.getMigrations();
  if (!known.some(isExecuted)) return known.length === 0;
  const table = schema === undefined ? migrationTable : `${schema}.${migrationTable}`;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)}`.execute(db);
  const beyond = rows.find(({ name }) => !Object.hasOwn(migrations, name) && isContracting(name));
  if (beyond !== undefined) {
    throw new TributaryError(
      'schema_too_new',
      `A newer version has changed the state store (${beyond.name}), and this one cannot work with it`,
    );
  }
  return known.every(isExecuted);
}

function isExecuted({ executedAt }: MigrationInfo): boolean {
  return executedAt !== undefined;
}

/** As the migrator names it. */
const migrationTable = 'kysely_migration';
