import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../core/limits.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { type FreshStores, freshStores } from '../../storage/testing/fresh-stores.ts';
import type { LaneChanges, SavedEvent } from '../lane/lane-ledger.ts';
import { CursorStore } from './cursor-store.ts';

const now = 1_700_000_000_000;

async function open(
  t: { after(end: () => Promise<void>): void },
  stores: FreshStores = freshStores(),
): Promise<{ store: StateStore<WorkTables>; cursors: CursorStore }> {
  const store = await stores.openWork();
  t.after(() => store.close());
  return { store, cursors: new CursorStore(store, 3, await store.leases.take('partition/3')) };
}

function parked(offset: number, more: Partial<SavedEvent['retries']> = {}): SavedEvent {
  const retries = {
    attempts: 1,
    firstAttempt: now,
    nextAttempt: now,
    openMsBefore: 0,
    lastError: '',
  };
  return { offset, keys: [`user ${offset}`], retries: { ...retries, ...more } };
}

function changes(position: number, more: Partial<LaneChanges> = {}): LaneChanges {
  return { position, stamp: { input: position, item: 2 }, upserts: [], deletes: [], ...more };
}

test('a lane comes back as it was committed: its cursor, its time, its parked events', async (t) => {
  const stores = freshStores();
  const { cursors } = await open(t, stores);
  const high = 2 ** 45;
  const events = [
    parked(high, { lastError: 'HTTP 503: "überlastet" \u{1f525}', openMsBefore: 17 }),
    { ...parked(high + 1), keys: ['a"b', 'ü', ''] },
  ];
  await cursors.create('dest/a', 5, now);
  await cursors.commit(
    [{ lane: 'dest/a', openMs: 12.6, changes: changes(high + 2, { upserts: events }) }],
    now + 0.5,
  );
  const lanes = await cursors.lanes();
  assert.deepEqual(
    [...lanes],
    [
      [
        'dest/a',
        { position: high + 2, stamp: { input: high + 2, item: 2 }, openMs: 13, parked: events },
      ],
    ],
  );
  assert.deepEqual(await cursors.lanes('dest/b'), new Map());
});

test('a parked event is counted up by its next commit and gone by its deletion', async (t) => {
  const { cursors } = await open(t);
  const commit = (more: Partial<LaneChanges>) =>
    cursors.commit([{ lane: 'dest/a', openMs: 0, changes: changes(10, more) }], now);
  const offsets = Array.from({ length: 2 * limits.commitRows + 7 }, (_, index) => index);
  await commit({ upserts: offsets.map((offset) => parked(offset)) });
  await commit({ upserts: [parked(4, { attempts: 2 })] });
  const [lane] = (await cursors.lanes()).values();
  assert.equal(lane?.parked.length, offsets.length);
  assert.equal(lane.parked.find(({ offset }) => offset === 4)?.retries.attempts, 2);
  await commit({ deletes: offsets });
  assert.deepEqual((await cursors.lanes()).get('dest/a')?.parked, []);
});

test('a commit of many lanes takes as many statements as one of a single lane', async (t) => {
  const { store } = await open(t);
  let statements = 0;
  const db = store.db.withPlugin({
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const cursors = new CursorStore({ ...store, db }, 5, await store.leases.take('partition/5'));
  const commitOf = async (lanes: number, more: Partial<LaneChanges>) => {
    statements = 0;
    const all = Array.from({ length: lanes }, (_, index) => `dest/${index}`);
    const commits = all.map((lane) => ({ lane, openMs: 0, changes: changes(10, more) }));
    await cursors.commit(commits, now);
    return statements;
  };
  // The lease and the positions; with parked events one each to write and to delete them.
  for (const lanes of [1, 50]) {
    assert.equal(await commitOf(lanes, {}), 2);
    assert.equal(await commitOf(lanes, { upserts: [parked(3), parked(4)] }), 3);
    assert.equal(await commitOf(lanes, { upserts: [parked(5)], deletes: [3] }), 4);
  }
  const saved = await cursors.lanes();
  assert.equal(saved.size, 50);
  for (const { parked: left } of saved.values()) {
    assert.deepEqual(left.map(({ offset }) => offset).sort(), [4, 5]);
  }
});

test('partitions and lanes keep apart; a renamed lane takes all that is its own', async (t) => {
  const { store, cursors } = await open(t);
  const others = new CursorStore(store, 4, await store.leases.take('partition/4'));
  for (const one of [cursors, others]) {
    for (const lane of ['dest/a', 'dest/b']) {
      await one.commit([{ lane, openMs: 0, changes: changes(9, { upserts: [parked(1)] }) }], now);
    }
  }
  await cursors.rename('dest/a', 'dest/c');
  await cursors.remove('dest/b');
  assert.deepEqual([...(await cursors.lanes()).keys()], ['dest/c']);
  assert.equal((await cursors.lanes()).get('dest/c')?.parked.length, 1);
  assert.deepEqual([...(await others.lanes()).keys()].sort(), ['dest/a', 'dest/b']);
});

test('the former owner of a partition writes nothing any more, and the new one finds its last commit', async (t) => {
  const { store, cursors } = await open(t);
  await cursors.commit([{ lane: 'dest/a', openMs: 0, changes: changes(7) }], now);
  await store.db.updateTable('lease').set({ expires_at: 0 }).execute();
  const next = new CursorStore(store, 3, await store.leases.take('partition/3'));
  const lost = { code: 'lease_lost' };
  const late = { lane: 'dest/a', openMs: 0, changes: changes(9, { upserts: [parked(8)] }) };
  await assert.rejects(cursors.commit([late], now), lost);
  await assert.rejects(cursors.create('dest/b', 0, now), lost);
  await assert.rejects(cursors.rename('dest/a', 'dest/b'), lost);
  await assert.rejects(cursors.remove('dest/a'), lost);
  const [[lane, saved] = []] = await next.lanes();
  assert.deepEqual([lane, saved?.position, saved?.parked], ['dest/a', 7, []]);
  await next.commit([late], now);
});
