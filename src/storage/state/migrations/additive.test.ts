import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Migration } from 'kysely/migration';
import { isContracting } from '../migrate.ts';
import { controlMigrations } from './control-migrations.ts';
import { workMigrations } from './work-migrations.ts';

/** The statements of a migration. */
async function statements(migration: Migration): Promise<string[]> {
  const run: string[] = [];
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: ({ query }) => {
      run.push(query.sql);
    },
  });
  await migration.up(db);
  return run;
}

/** Tables, indexes that are not unique, and columns that an old version may leave out of its inserts. */
function onlyAdds(statement: string): boolean {
  if (/^create (table|index) /.test(statement)) return true;
  if (!/^alter table "\w+" add column /.test(statement)) return false;
  return !statement.includes('not null') || statement.includes(' default ');
}

test('a migration only adds what old code can leave alone: two versions work on one database', async () => {
  for (const [name, migration] of Object.entries({ ...controlMigrations, ...workMigrations })) {
    assert.equal(migration.down, undefined, `${name} goes forward only`);
    // Older versions refuse the database by its name.
    if (isContracting(name)) continue;
    const other = (await statements(migration)).filter((statement) => !onlyAdds(statement));
    assert.deepEqual(other, [], name);
  }
});

test('what does not only add is found out', async () => {
  const breaking: Migration['up'][] = [
    (db) => db.schema.alterTable('t').dropColumn('c').execute(),
    (db) => db.schema.alterTable('t').renameColumn('c', 'd').execute(),
    (db) =>
      db.schema
        .alterTable('t')
        .addColumn('c', 'text', (c) => c.notNull())
        .execute(),
    (db) => db.schema.dropTable('t').execute(),
    (db) => db.schema.createIndex('i').on('t').column('c').unique().execute(),
  ];
  for (const up of breaking) {
    const [statement = ''] = await statements({ up });
    assert.equal(onlyAdds(statement), false, statement);
  }
});
