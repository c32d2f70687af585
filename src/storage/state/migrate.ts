import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { TributaryError } from '../../core/errors.ts';

export type Migrations = Readonly<Record<string, Migration>>;

/**
 * Brings a database up to `migrations`, which are applied in the order of their names, each once. A
 * database that a newer version has migrated further is taken as it is: migrations only add. Rejects
 * with `store_failed`. `schema` is where the migrations are written down, on an engine that has schemas.
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  migrations: Migrations,
  schema?: string,
): Promise<void> {
  const migrator = migratorOf(db, migrations, schema);
  // A newer version has names that this one does not know, and the migrator would refuse them.
  if (await knowsAll(migrator)) return;
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error');
  throw new TributaryError(
    'store_failed',
    `Migration ${failed?.migrationName ?? ''} of the state store failed`,
    { cause: error },
  );
}

/** Whether a database has come at least as far as `migrations`. */
export function isMigrated<Tables>(
  db: Kysely<Tables>,
  migrations: Migrations,
  schema: string,
): Promise<boolean> {
  return knowsAll(migratorOf(db, migrations, schema));
}

function migratorOf<Tables>(db: Kysely<Tables>, migrations: Migrations, schema?: string): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    ...(schema !== undefined && { migrationTableSchema: schema }),
  });
}

async function knowsAll(migrator: Migrator): Promise<boolean> {
  const known = await migrator.getMigrations();
  return known.every(({ executedAt }) => executedAt !== undefined);
}
