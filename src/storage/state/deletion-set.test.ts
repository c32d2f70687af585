import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { freshStores } from '../testing/fresh-stores.ts';
import { DeletionSet } from './deletion-set.ts';

async function rig() {
  const store = await freshStores().openControl();
  await store.db
    .insertInto('workspace')
    .values({ id: 'w', slug: 'w', name: 'w', revision: 0, created_at: 0 })
    .execute();
  const base: Snapshot = {
    ...{ version: 1, workspace: { id: 'w', slug: 'w', name: 'w' }, sources: [], connections: [] },
    replays: [],
  };
  let current = base;
  let position = 0;
  let opened = 0;
  const failures: Error[] = [];
  const set = new DeletionSet({
    open: async () => {
      opened += 1;
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      return store.db;
    },
    snapshot: {
      get current() {
        return current;
      },
      subscribe: () => () => undefined,
    },
    clock: { ...systemClock, sleep: async () => undefined },
    logger: silentLogger,
  });
  const tell = async () => {
    const open = await store.db
      .selectFrom('regulation')
      .select('position')
      .where('status', '=', 'RUNNING')
      .where('regulation_type', '!=', 'DELETE_INTERNAL')
      .execute();
    const newest = Math.max(...open.map((row) => Number(row.position)));
    const { length } = open;
    current = length === 0 ? base : { ...base, deletions: length, newestDeletion: newest };
    await set.refresh(new AbortController().signal);
  };
  const regulate = async (id: string, ids: readonly string[], more = {}) => {
    position += 1;
    const row = {
      ...{ id, workspace_id: 'w', position, scope: 'WORKSPACE', source_id: null, collection: null },
      ...{ regulation_type: 'DELETE_ONLY', subject_type: 'USER_ID', status: 'RUNNING' },
      ...{ subject_ids: JSON.stringify(ids), created_at: 100, finished_at: null },
      ...{ has_targets: 1 as const, ...more },
    };
    await store.db.insertInto('regulation').values(row).execute();
    await tell();
  };
  const end = async (id: string) => {
    await store.db
      .updateTable('regulation')
      .set({ status: 'FINISHED' })
      .where('id', '=', id)
      .execute();
    await tell();
  };
  return { set, regulate, end, failures, opened: () => opened, close: () => store.close() };
}

it('older events of the users of a deletion are left out until it is over, later ones are not', async () => {
  const { set, regulate, end, opened, failures, close } = await rig();
  assert.deepEqual([set.isEmpty, opened()], [true, 0]);
  failures.push(new TypeError('the database is away'));
  await regulate('r1', ['a', 'b']);
  const has = (userId: string, receivedAt: number) => set.has('s', { userId }, receivedAt);
  assert.deepEqual([has('a', 99), has('a', 100), has('c', 99)], [true, false, false]);
  assert.ok(set.has('s', { previousId: 'b', userId: 'new' }, 99));
  await regulate('r2', ['a'], { created_at: 200 });
  assert.deepEqual([has('a', 150), has('b', 150)], [true, false]);
  await end('r2');
  assert.deepEqual([has('a', 150), has('a', 99)], [false, true]);
  await end('r1');
  assert.equal(set.isEmpty, true);
  await close();
});

it('that of one source is its own, and what is about this server alone leaves nothing out', async () => {
  const { set, regulate, close } = await rig();
  const types = { regulation_type: 'DELETE_INTERNAL' };
  await regulate('r0', ['inside'], types);
  await regulate('r1', ['n'], { subject_type: 'ANONYMOUS_ID' });
  assert.equal(set.has('s', { userId: 'inside' }, 1), false);
  // Of the workspace by userId alone: the anonymous id of one is a coincidence in another source.
  assert.equal(set.has('s', { anonymousId: 'n' }, 1), false);
  await close();
});
