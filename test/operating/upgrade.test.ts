/** docs/operating/upgrade.md: a server of today over what one of the first schema has left behind, with work under way. */
import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { StateStore } from '../../src/core/state.ts';
import { controlMigrations } from '../../src/storage/state/migrations/control-migrations.ts';
import { workMigrations } from '../../src/storage/state/migrations/work-migrations.ts';
import { openPostgres } from '../../src/storage/state/open-postgres.ts';
import { openSqlite } from '../../src/storage/state/open-sqlite.ts';
import { eventually } from '../rig/eventually.ts';
import { seedFrom } from '../rig/random.ts';
import { missing, serverFor } from '../state/state-rig.ts';
import { fillOlder } from './older-database.ts';
import { type Operated, operate } from './operated.ts';

const seed = seedFrom('OPERATING_SEED');

type Anything = Record<string, Record<string, unknown>>;
type Migrations = typeof controlMigrations;

/** The sets of tables. */
const sets = [
  { name: 'state', suffix: '', migrations: controlMigrations },
  { name: 'work', suffix: '_work', migrations: workMigrations },
] as const;

/** What the first version had: the first migration, or all up to the one of that name. */
function first(migrations: Migrations, until = /./): Migrations {
  const names = Object.keys(migrations).sort();
  const last = names.findIndex((name) => until.test(name));
  assert.ok(last >= 0 && last < names.length - 1, 'something was added since');
  return Object.fromEntries(
    Object.entries(migrations).filter(([name]) => names.indexOf(name) <= last),
  );
}

/** A destination that fails, so that much is parked and unread, then a stop. */
async function withBacklog(t: TestContext, env: Record<string, string> = {}): Promise<Operated> {
  const node = await operate(t, { seed, env });
  node.receiver.answer = () => 503;
  await node.startLoad();
  await node.stopLoad();
  await node.server.stop();
  // Neither was there at that time.
  rmSync(join(node.data, 'secret-key'), { force: true });
  rmSync(join(node.data, 'snapshot.json'));
  return node;
}

async function allIsDelivered(node: Operated): Promise<void> {
  assert.ok(node.acknowledged().size > 300);
  node.receiver.answer = () => 200;
  await node.start();
  await node.allArrive(node.acknowledged());
  assert.deepEqual(node.book.problems.slice(0, 20), []);
  await node.startLoad();
  await node.stopLoad();
  await node.allArrive(node.acknowledged());
}

test('a data folder of the first schema is taken over: its configuration, its cursors, its parked events', async (t) => {
  const node = await withBacklog(t);
  for (const { name, migrations } of sets) {
    const [file, old] = [join(node.data, `${name}.db`), join(node.data, `${name}.old`)];
    const newer = await openSqlite<Anything>({ file, durable: false });
    const older = await openSqlite<Anything>({
      file: old,
      migrations: first(migrations),
      durable: true,
    });
    await fillOlder(newer.db, older.db);
    await newer.close();
    await older.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    renameSync(old, file);
  }
  await allIsDelivered(node);
});

test('so is a PostgreSQL database of the first schema that was on PostgreSQL', {
  skip: missing,
}, async (t) => {
  const server = await serverFor(t);
  const url = await server.url();
  const node = await withBacklog(t, { TRIBUTARY_STATE: url });
  const database = new URL(url).pathname.slice(1);
  const open = (from: string, migrations: Migrations, suffix: '' | '_work') =>
    openPostgres<Anything>({
      url: from,
      suffix,
      migrations,
      clock: systemClock,
      logger: silentLogger,
    });
  const old = await server.url();
  for (const { suffix, migrations } of sets) {
    const stores: StateStore<Anything>[] = [];
    for (const [from, which] of [
      [url, migrations],
      [old, first(migrations, /-leases$/)],
    ] as const) {
      stores.push(await open(from, which, suffix));
    }
    const [newer, older] = stores;
    assert(newer && older);
    await fillOlder(newer.db, older.db, `tributary${suffix}`);
    for (const store of stores) await store.close();
  }
  await eventually('nobody uses the databases', async () => {
    await server.query(`drop database ${database}`);
    return true;
  });
  await server.query(`alter database ${new URL(old).pathname.slice(1)} rename to ${database}`);
  await allIsDelivered(node);
});
