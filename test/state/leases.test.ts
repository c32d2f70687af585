/** Leases on a real PostgreSQL: who may hold one, and when the next may have it. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { assertHeld, type Lease } from '../../src/core/lease.ts';
import type { StateStore } from '../../src/core/state.ts';
import type { WorkTables } from '../../src/core/tables/work-tables.ts';
import { eventually } from '../rig/eventually.ts';
import { missing, nodeFor, proxyFor, serverFor, sharedServer, stoppedTimers } from './state-rig.ts';

const server = sharedServer();
const skip = missing;
const leaseMs = 2_000;
const long = { within: 30_000 };

function write(store: StateStore<WorkTables>, lease: Lease): Promise<void> {
  return store.db.transaction().execute((rows) => assertHeld(rows.$pickTables<'lease'>(), lease));
}

interface Said {
  readonly said: string;
  readonly epoch?: number;
  readonly holds?: boolean;
}

/** A holder in a process of its own, once it has the lease. */
async function holder(t: TestContext, url: string) {
  const child = fork(new URL('holder.ts', import.meta.url), [url, String(leaseMs)]);
  t.after(() => child.kill('SIGKILL'));
  const heard: Said[] = [];
  child.on('message', (message: Said) => heard.push(message));
  const told = (said: string) =>
    eventually(`the holder says ${said}`, () => heard.find((one) => one.said === said), long);
  return { child, heard, told, taken: await told('taken') };
}

test('of many that want a lease one has it at a time, each under a higher epoch', {
  skip,
}, async (t) => {
  const url = await server().url();
  const stores = await Promise.all(
    Array.from({ length: 6 }, () => nodeFor(t, url, { leaseMs }).work()),
  );
  const taken: Lease[] = [];
  const contend = async ({ leases }: StateStore<WorkTables>) => {
    for (let round = 0; round < 4; round += 1) {
      const lease = await leases.take('a');
      assert.deepEqual(
        taken.filter((one) => one.holds()).map(({ epoch }) => epoch),
        [],
        'nobody else holds it',
      );
      taken.push(lease);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(lease.holds(), true);
      await lease.release();
    }
  };
  await Promise.all(stores.map(contend));
  assert.deepEqual(
    taken.map(({ epoch }) => epoch),
    Array.from({ length: 24 }, (_, index) => index + 1),
  );
});

test('a holder that is stopped loses its lease; woken it knows, and writes nothing more', {
  skip,
}, async (t) => {
  const url = await server().url();
  const { child, told, taken } = await holder(t, url);
  child.kill('SIGSTOP');
  const store = await nodeFor(t, url, { leaseMs }).work();
  const lease = await store.leases.take('a');
  assert.equal(lease.epoch, Number(taken.epoch) + 1);
  // Before anything else it will find the message, with its timers not yet run.
  child.send('write');
  child.kill('SIGCONT');
  assert.equal((await told('lease_lost')).holds, false);
  await told('lost');
  await write(store, lease);
});

test('a holder that is stopped in the middle of a write holds up nobody for long', {
  skip,
}, async (t) => {
  const url = await server().url();
  const { child, told, taken } = await holder(t, url);
  child.send('stall');
  await told('stalled');
  child.kill('SIGSTOP');
  const store = await nodeFor(t, url, { leaseMs }).work();
  const lease = await store.leases.take('a');
  assert.equal(lease.epoch, Number(taken.epoch) + 1);
  await write(store, lease);
});

test('a holder that lives keeps its lease however long, and however often others ask', {
  skip,
}, async (t) => {
  const url = await server().url();
  const { child, heard, told } = await holder(t, url);
  const { leases } = await nodeFor(t, url, { leaseMs }).work();
  const end = performance.now() + 3 * leaseMs;
  while (performance.now() < end) {
    assert.equal(await leases.tryTake('a'), undefined);
    await sleep(50);
  }
  child.send('write');
  assert.equal((await told('written')).holds, true);
  assert.equal(
    heard.some(({ said }) => said === 'lost'),
    false,
  );
});

test('no wall clock of a node is asked', { skip }, async (t) => {
  const url = await server().url();
  const clock: Clock = { ...systemClock, now: () => assert.fail('the wall clock was asked') };
  const { leases } = await nodeFor(t, url, { leaseMs, clock }).work();
  const lease = await leases.take('a');
  await sleep(2 * leaseMs);
  assert.equal(lease.holds(), true);
});

test('a database whose clock was set back keeps no lease of a dead holder for longer', {
  skip,
}, async (t) => {
  const url = await server().url();
  const dead = await nodeFor(t, url, { leaseMs, clock: stoppedTimers }).work();
  const lost = await dead.leases.take('a');
  // What a clock that is set back by a day does to it.
  await dead.db
    .updateTable('lease')
    .set((row) => ({ expires_at: row('expires_at', '+', 86_400_000) }))
    .where('name', '=', 'a')
    .execute();
  const asked = performance.now();
  const next = await (await nodeFor(t, url, { leaseMs }).work()).leases.take('a');
  assert.equal(next.epoch, lost.epoch + 1);
  assert.ok(performance.now() - asked >= leaseMs, 'it waited the time of a lease');
  assert.equal(lost.holds(), false);
  await assert.rejects(write(dead, lost), { code: 'lease_lost' });
});

test('what a node that ends holds is free at once', { skip }, async (t) => {
  const url = await server().url();
  const ending = await nodeFor(t, url).work();
  const lease = await ending.leases.take('a');
  const { leases } = await nodeFor(t, url).work();
  assert.equal(await leases.tryTake('a'), undefined);
  await ending.close();
  assert.equal(lease.lost.aborted, true);
  assert.equal((await leases.tryTake('a'))?.epoch, lease.epoch + 1);
});

test('a lease outlives connections that break', { skip }, async (t) => {
  const url = await server().url();
  const { proxy, through } = await proxyFor(t, server());
  const store = await nodeFor(t, through(url), { leaseMs }).work();
  const lease = await store.leases.take('a');
  const end = performance.now() + 2 * leaseMs;
  while (performance.now() < end) {
    proxy.drop();
    await sleep(100);
  }
  await eventually('it is renewed', () => lease.holds(), long);
  await eventually('it can be written under', () => write(store, lease).then(() => true), long);
  assert.equal(lease.lost.aborted, false);
});

test('cut off, a holder stops before another has its lease, and is told when it is back', {
  skip,
}, async (t) => {
  const url = await server().url();
  const { proxy, through } = await proxyFor(t, server());
  const store = await nodeFor(t, through(url), { leaseMs }).work();
  const lease = await store.leases.take('a');
  const { leases } = await nodeFor(t, url, { leaseMs }).work();
  proxy.cut();
  const next = await leases.take('a');
  assert.equal(lease.holds(), false);
  assert.equal(lease.lost.aborted, false, 'it cannot know');
  proxy.heal();
  await eventually('it is told', () => lease.lost.aborted, long);
  assert.equal(next.holds(), true);
});

test('while the database is away nobody is succeeded: back, it finds every lease as it was', {
  skip,
}, async (t) => {
  const own = await serverFor(t, { flushed: true });
  const store = await nodeFor(t, await own.url(), { leaseMs }).work();
  const lease = await store.leases.take('a');
  await own.stop('SIGQUIT');
  await eventually('its time is over', () => !lease.holds(), long);
  assert.equal(lease.lost.aborted, false);
  await own.start();
  await eventually('it holds again', () => lease.holds(), long);
  await write(store, lease);
});
