import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { isContracting, type Migrations } from './migrate.ts';
import { workMigrations } from './migrations/work-migrations.ts';
import { openSqlite } from './open-sqlite.ts';

function database(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return async (migrations: Migrations) => {
    const file = join(folder, 'work.db');
    const store = await openSqlite<WorkTables>({ file, migrations, durable: false });
    await store.close();
  };
}

const adding: Migrations = {
  ...workMigrations,
  '900-more': {
    up: (db) => db.schema.alterTable('cursor').addColumn('more', 'text').execute(),
  },
};
const contracting: Migrations = {
  ...adding,
  '901-contract-cursors': {
    up: (db) => db.schema.alterTable('cursor').dropColumn('open_ms').execute(),
  },
};

test('a version works with what a newer one has added', async (t) => {
  const open = database(t);
  await open(adding);
  await open(workMigrations);
  await open(adding);
});

test('a version refuses what a newer one has taken away', async (t) => {
  const open = database(t);
  await open(workMigrations);
  await open(contracting);
  for (const older of [workMigrations, adding]) {
    await assert.rejects(open(older), {
      code: 'schema_too_new',
      message: /901-contract-cursors/,
    });
  }
  await open(contracting);
});

test('a migration that fails says which it is', async (t) => {
  const open = database(t);
  const failing: Migrations = {
    ...workMigrations,
    '900-fails': { up: (db) => db.schema.dropTable('none').execute() },
  };
  await assert.rejects(open(failing), { code: 'store_failed', message: /900-fails/ });
  await open(adding);
});

test('only a name of the form 012-contract-… takes away', () => {
  assert.equal(isContracting('012-contract-tokens'), true);
  for (const name of ['012-tokens', '012-contracts', 'contract-tokens', '012-sub-contract-x']) {
    assert.equal(isContracting(name), false, name);
  }
});
