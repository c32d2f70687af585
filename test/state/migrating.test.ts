/** Nodes of one version or two that start, and migrate, at the same time. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { StateStore } from '../../src/core/state.ts';
import type { ControlTables } from '../../src/core/tables/control-tables.ts';
import type { Migrations } from '../../src/storage/state/migrate.ts';
import { controlMigrations } from '../../src/storage/state/migrations/control-migrations.ts';
import { openPostgres } from '../../src/storage/state/open-postgres.ts';
import { eventually } from '../rig/eventually.ts';
import { missing, nodeFor, sharedServer } from './state-rig.ts';

const server = sharedServer();
const skip = missing;
const long = { within: 60_000 };

/** A control process of the version that has these migrations. */
async function start(t: TestContext, url: string, migrations: Migrations = controlMigrations) {
  const shared = { url, suffix: '', clock: systemClock, logger: silentLogger } as const;
  const store = await openPostgres<ControlTables>({ ...shared, migrations });
  t.after(() => store.close());
  return store;
}

/** The version after this one: `more` is what it does to the schema. */
function next(up: (db: Kysely<unknown>) => Promise<void>, name = '900-next'): Migrations {
  return { ...controlMigrations, [name]: { up } };
}

const addColumn = (db: Kysely<unknown>) =>
  db.schema
    .alterTable('token')
    .addColumn('colour', 'text', (column) => column.notNull().defaultTo('red'))
    .execute();

async function applied(url: string): Promise<unknown[]> {
  const database = new URL(url).pathname.slice(1);
  const rows = await server().query('select name from tributary.kysely_migration', database);
  return rows.map(({ name }) => name).sort();
}

async function addWorkspace({ db }: StateStore<ControlTables>): Promise<void> {
  const row = { id: 'w', slug: 'w', name: 'w', revision: 1, created_at: 1 };
  await db.insertInto('workspace').values(row).execute();
}

async function addToken({ db }: StateStore<ControlTables>, id: string): Promise<void> {
  const row = { id, workspace_id: 'w', position: 1, name: id, hash: id, permission: 'read' };
  await db
    .insertInto('token')
    .values({ ...row, created_at: 1 })
    .execute();
}

test('any number of nodes may start at once on an empty database', { skip }, async (t) => {
  const url = await server().url();
  const stores = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const node = nodeFor(t, `${url}?pool=2`);
      const [control] = await Promise.all([node.control(), node.work()]);
      return control;
    }),
  );
  const [first] = stores;
  assert(first !== undefined);
  await addWorkspace(first);
  for (const { db } of stores) {
    assert.equal((await db.selectFrom('workspace').select('id').execute()).length, 1);
  }
  assert.deepEqual(await applied(url), Object.keys(controlMigrations).sort());
});

test('while one node migrates others of its version wait, and those of the old version start and work', {
  skip,
}, async (t) => {
  const url = await server().url();
  const old = await start(t, url);
  await addWorkspace(old);
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const slow = next(async (db) => {
    runs += 1;
    await db.schema.createTable('extra').addColumn('id', 'text').execute();
    await gate.promise;
  });
  const upgrading = [1, 2, 3].map(() => start(t, url, slow));
  await eventually('one migrates', () => runs === 1, long);
  await addToken(old, 'before');
  await addToken(await start(t, url), 'meanwhile');
  gate.resolve();
  const upgraded = await Promise.all(upgrading);
  assert.equal(runs, 1);
  for (const { db } of [old, ...upgraded]) {
    assert.equal((await db.selectFrom('token').select('id').execute()).length, 2);
  }
});

test('a node goes on, and starts again, on what a newer version has added', { skip }, async (t) => {
  const url = await server().url();
  const old = await start(t, url);
  await addWorkspace(old);
  let isDone = false;
  const writing = (async () => {
    let written = 0;
    while (!isDone) await addToken(old, `t${written++}`);
    return written;
  })();
  const upgraded = await start(t, url, next(addColumn));
  isDone = true;
  const written = await writing;
  await addToken(old, 'after');
  await addToken(await start(t, url), 'restarted');
  const { rows } = await sql<{ colour: string }>`select colour from token`.execute(upgraded.db);
  assert.deepEqual(
    rows.map(({ colour }) => colour),
    Array.from({ length: written + 2 }, () => 'red'),
  );
});

test('where a newer version has taken away, an older one refuses to start', { skip }, async (t) => {
  const url = await server().url();
  await start(t, url, next(addColumn));
  const drop = (db: Kysely<unknown>) => db.schema.alterTable('token').dropColumn('name').execute();
  const contracting = { ...next(addColumn), '901-contract-token-names': { up: drop } };
  await start(t, url, contracting);
  for (const older of [controlMigrations, next(addColumn)]) {
    await assert.rejects(start(t, url, older), {
      code: 'schema_too_new',
      message: /901-contract-token-names/,
    });
  }
  await start(t, url, contracting);
});

test('a migration that fails, or whose node is ended, leaves nothing behind', {
  skip,
}, async (t) => {
  const url = await server().url();
  await start(t, url);
  const failing = next(async (db) => {
    await addColumn(db);
    await sql`select 1 / 0`.execute(db);
  });
  await assert.rejects(start(t, url, failing), { code: 'store_failed', message: /900-next/ });
  const ended = next(async (db) => {
    await addColumn(db);
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(db);
  });
  await assert.rejects(start(t, url, ended), { code: 'store_failed' });
  assert.deepEqual(await applied(url), Object.keys(controlMigrations).sort());
  await start(t, url, next(addColumn));
});
