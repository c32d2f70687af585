/** How nodes hear of changes that another has made to the configuration. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import type { StateStore } from '../../src/core/state.ts';
import type { ControlTables } from '../../src/core/tables/control-tables.ts';
import { eventually } from '../rig/eventually.ts';
import { missing, nodeFor, proxyFor, sharedServer } from './state-rig.ts';

const server = sharedServer();
const skip = missing;
const long = { within: 30_000 };

/** Timers of a node that never run: nothing is looked at again, nothing is renewed. */
const standing: Clock = {
  ...systemClock,
  after: () => () => undefined,
  sleep: (_ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true });
    }),
};

/** The revisions a node has been told, growing as it is. */
async function watching(t: TestContext, url: string, clock: Clock = systemClock) {
  const store = await nodeFor(t, url, { clock }).control();
  const told: number[] = [];
  t.after(store.watchRevision((revision) => told.push(revision)));
  await eventually('it is told what is there', () => told.length > 0, long);
  return told;
}

async function workspace(t: TestContext, url: string): Promise<StateStore<ControlTables>> {
  const store = await nodeFor(t, url).control();
  const row = { id: 'w', slug: 'w', name: 'w', revision: 1, created_at: 1 };
  await store.db.insertInto('workspace').values(row).execute();
  return store;
}

async function revise({ db }: StateStore<ControlTables>, revision: number): Promise<void> {
  await db.updateTable('workspace').set({ revision }).execute();
}

test('each node is told what any has committed, though it never looks', { skip }, async (t) => {
  const url = await server().url();
  const store = await workspace(t, url);
  const nodes = await Promise.all([1, 2, 3].map(() => watching(t, url, standing)));
  for (const revision of [2, 3, 4]) {
    await revise(store, revision);
    for (const told of nodes) {
      await eventually(`it is told ${revision}`, () => told.at(-1) === revision, long);
    }
  }
  assert.deepEqual(
    nodes,
    [1, 2, 3].map(() => [1, 2, 3, 4]),
  );
});

test('a change that is taken back is told to nobody', { skip }, async (t) => {
  const url = await server().url();
  const store = await workspace(t, url);
  const told = await watching(t, url, standing);
  const undone = store.db.transaction().execute(async (db) => {
    await db.updateTable('workspace').set({ revision: 2 }).execute();
    assert.fail('changed my mind');
  });
  await assert.rejects(undone);
  await revise(store, 3);
  await eventually('the next is told', () => told.at(-1) === 3, long);
  assert.deepEqual(told, [1, 3]);
});

test('where nothing is announced each node looks, once a second and no oftener', {
  skip,
}, async (t) => {
  const url = await server().url();
  const store = await workspace(t, url);
  const pauses: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => {
      pauses.push(ms);
      return systemClock.sleep(ms, signal);
    },
  };
  const told = await watching(t, url, clock);
  await server().query('drop trigger announce_revision on tributary.workspace', databaseOf(url));
  for (const revision of [2, 3]) {
    await revise(store, revision);
    await eventually(`it finds ${revision}`, () => told.at(-1) === revision, long);
  }
  assert.deepEqual(new Set(pauses), new Set([1_000]));
});

test('what is changed while its connection is lost a node is told once it has another', {
  skip,
}, async (t) => {
  const url = await server().url();
  const store = await workspace(t, url);
  const { proxy, through } = await proxyFor(t, server());
  const told = await watching(t, through(url));
  proxy.drop();
  await revise(store, 2);
  await eventually('it is told after a reset', () => told.at(-1) === 2, long);
  proxy.cut();
  await revise(store, 3);
  await eventually('nothing more comes through', () => told.at(-1) === 2);
  proxy.heal();
  await eventually('it is told after a silence', () => told.at(-1) === 3, long);
  await server().stop('SIGQUIT');
  await server().start();
  await eventually('after a restart', () => revise(store, 4).then(() => true), long);
  await eventually('it is told after a restart', () => told.at(-1) === 4, long);
});

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
