/** What the store does while PostgreSQL is away, when it comes back, and when another answers in its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type QueryExecutorProvider, sql } from 'kysely';
import { assertHeld, type Lease } from '../../src/core/lease.ts';
import type { StateStore } from '../../src/core/state.ts';
import type { WorkTables } from '../../src/core/tables/work-tables.ts';
import { eventually } from '../rig/eventually.ts';
import { missing, nodeFor, proxyFor, serverFor, sharedServer } from './state-rig.ts';

const server = sharedServer({ flushed: true });
const skip = missing;
const away = { code: 'store_failed' };
const long = { within: 60_000 };

async function positions({ db }: StateStore<WorkTables>): Promise<number[]> {
  const rows = await db.selectFrom('cursor').select('position').orderBy('position').execute();
  return rows.map(({ position }) => position);
}

function move({ db }: StateStore<WorkTables>, lease: Lease, position: number): Promise<void> {
  const row = { partition: 0, position, stamp_input: 0, stamp_item: 0, open_ms: 0, updated_at: 0 };
  return db.transaction().execute(async (rows) => {
    await assertHeld(rows.$pickTables<'lease'>(), lease);
    await rows
      .insertInto('cursor')
      .values({ lane: `${position}`, ...row })
      .execute();
  });
}

async function answers(db: QueryExecutorProvider): Promise<boolean> {
  await sql`select 1`.execute(db);
  return true;
}

test('while the server is away every query is store_failed; after its restart the same store goes on', {
  skip,
}, async (t) => {
  const own = await serverFor(t, { flushed: true });
  const store = await nodeFor(t, await own.url()).work();
  const lease = await store.leases.take('a');
  await move(store, lease, 1);
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    await own.stop(signal);
    // Several at once: also connections of the pool that nobody was using.
    for (const one of await Promise.allSettled([1, 2, 3].map(() => positions(store)))) {
      assert.equal(one.status, 'rejected');
      assert.equal(one.reason.code, 'store_failed');
    }
    await assert.rejects(move(store, lease, 2), away);
    await own.start();
    await eventually('the store goes on', () => answers(store.db), long);
    assert.deepEqual(await positions(store), [1]);
  }
  await move(store, lease, 2);
  assert.deepEqual(await positions(store), [1, 2]);
});

test('a transaction that the server ends in the middle is absent, and its connection is not used again', {
  skip,
}, async (t) => {
  const url = await server().url();
  const store = await nodeFor(t, `${url}?pool=1`).work();
  const lease = await store.leases.take('a');
  const database = new URL(url).pathname.slice(1);
  const broken = store.db.transaction().execute(async (rows) => {
    await assertHeld(rows.$pickTables<'lease'>(), lease);
    const [me] = (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(rows)).rows;
    await server().query(`select pg_terminate_backend(${me?.pid})`, database);
    await rows.deleteFrom('cursor').execute();
  });
  await assert.rejects(broken, away);
  await move(store, lease, 1);
  assert.deepEqual(await positions(store), [1]);
});

test('a network that swallows everything is found out, and the store goes on behind it', {
  skip,
}, async (t) => {
  const url = await server().url();
  const { proxy, through } = await proxyFor(t, server());
  const store = await nodeFor(t, through(url)).work();
  const lease = await store.leases.take('a');
  proxy.cut();
  await assert.rejects(positions(store), away);
  proxy.heal();
  await eventually('the store goes on', () => answers(store.db), long);
  await eventually('the lease is renewed', () => lease.holds(), long);
  await move(store, lease, 1);
  assert.deepEqual(await positions(store), [1]);
});

test('a statement that waits too long for a lock is given up by the server(), and its connection is used again', {
  skip,
}, async (t) => {
  const url = await server().url();
  const store = await nodeFor(t, `${url}?pool=2`).work();
  const lease = await store.leases.take('a');
  const pids = async () =>
    (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(store.db)).rows;
  const before = await pids();
  await store.db.transaction().execute(async (holding) => {
    await assertHeld(holding.$pickTables<'lease'>(), lease);
    const waiting = store.db.transaction().execute(async (rows) => {
      // The shortest that a test can wait for: the time-out of a connection is 10 s.
      await sql`set local lock_timeout = 100`.execute(rows);
      await assertHeld(rows.$pickTables<'lease'>(), lease);
    });
    await assert.rejects(waiting, { code: 'store_failed', message: /lock timeout/ });
  });
  const slow = store.db.transaction().execute(async (rows) => {
    await sql`set local statement_timeout = 100`.execute(rows);
    await sql`select pg_sleep(60)`.execute(rows);
  });
  await assert.rejects(slow, { code: 'store_failed', message: /statement timeout/ });
  await move(store, lease, 1);
  assert.deepEqual(await pids(), before);
});

test('every connection has its time-outs, and a commit that is acknowledged is on disk', {
  skip,
}, async (t) => {
  const careless = await serverFor(t);
  const { db } = await nodeFor(t, await careless.url()).work();
  const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
  const settings = await Promise.all(
    [...names, 'synchronous_commit'].map(async (name) => {
      const { rows } = await sql<{ value: string }>`
        select current_setting(${name}) as value`.execute(db);
      return rows[0]?.value;
    }),
  );
  assert.deepEqual(settings, ['15s', '10s', '10s', 'on']);
});

test('a standby is refused by name, also when it answers where the primary did', {
  skip,
}, async (t) => {
  const primary = await serverFor(t, { flushed: true });
  const url = await primary.url();
  const store = await nodeFor(t, url).work();
  await store.close();
  const standby = await serverFor(t, { flushed: true, standbyOf: primary });
  const { proxy, through } = await proxyFor(t, primary);
  const moved = await nodeFor(t, through(url)).work();
  const lease = await moved.leases.take('a');
  proxy.aim(standby.port);
  proxy.drop();
  const refusal = { code: 'store_failed', message: /read only: PostgreSQL .* is a standby/ };
  await eventually(
    'the standby is refused',
    () => assert.rejects(positions(moved), refusal).then(() => true),
    long,
  );
  await assert.rejects(nodeFor(t, through(url)).work(), refusal);
  assert.equal(lease.lost.aborted, false, 'the next may be the primary again');
  await standby.query('select pg_promote()');
  await eventually('the promoted one is taken', () => answers(moved.db), long);
});

test('after a failover nothing is built on what the new primary never heard of', {
  skip,
}, async (t) => {
  const primary = await serverFor(t, { flushed: true });
  const url = await primary.url();
  const { proxy, through } = await proxyFor(t, primary);
  const store = await nodeFor(t, through(url)).work();
  const lease = await store.leases.take('a');
  await move(store, lease, 1);
  const standby = await serverFor(t, { flushed: true, standbyOf: primary });
  await standby.stop();
  await move(store, lease, 2);
  const other = await store.leases.take('b');
  await primary.stop('SIGQUIT');
  await standby.start();
  await standby.query('select pg_promote()');
  proxy.aim(standby.port);
  const refused = { code: 'lease_lost' };
  await eventually(
    'the first write there is refused',
    () => assert.rejects(move(store, lease, 3), refused).then(() => true),
    long,
  );
  await eventually('the holder is told', () => lease.lost.aborted && other.lost.aborted, long);
  const again = await store.leases.take('a');
  assert.ok(again.epoch > lease.epoch, 'also above owners that were forgotten');
  assert.deepEqual(await positions(store), [1]);
  await move(store, again, 2);
  // A restart of the same server is no failover.
  await standby.stop('SIGQUIT');
  await standby.start();
  await eventually('the store goes on', () => answers(store.db), long);
  await move(store, again, 3);
  assert.deepEqual(await positions(store), [1, 2, 3]);
});
