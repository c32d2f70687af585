import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import { silentLogger } from '../../core/logger.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { freshStores } from '../testing/fresh-stores.ts';
import { SuppressionSet } from './suppression-set.ts';

const snapshot: Snapshot = {
  version: 1,
  workspace: { id: 'ws', slug: 'ws', name: 'ws' },
  sources: [],
  connections: [],
  replays: [],
};

async function rig() {
  const store = await freshStores().openControl();
  let position = 0;
  let current = snapshot;
  let opened = 0;
  const failures: Error[] = [];
  const set = new SuppressionSet({
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
  const suppress = async (ids: readonly string[], in_force = 1, subject_type = 'USER_ID') => {
    for (const subject_id of ids) {
      position += 1;
      const row = { scope: '', subject_type, subject_id, source_id: null, position, in_force };
      await store.db
        .insertInto('suppression')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['scope', 'subject_type', 'subject_id'])
            .doUpdateSet({ position, in_force }),
        )
        .execute();
    }
    current = { ...snapshot, suppressions: position };
  };
  const { signal } = new AbortController();
  const refresh = () => set.refresh(signal);
  return { set, suppress, refresh, failures, opened: () => opened, close: () => store.close() };
}

it('the set asks the database only for what the snapshot says is new', async () => {
  const { set, suppress, refresh, opened, close } = await rig();
  assert.equal(refresh(), undefined);
  await suppress(['a', 'b']);
  await refresh();
  assert.equal(refresh(), undefined);
  assert.equal(opened(), 1);
  assert(set.has('s', { userId: 'a' }) && set.has('s', { previousId: 'b' }));
  assert(!set.has('s', { userId: 'c' }) && !set.has('s', { anonymousId: 'a' }));
  await suppress(['a'], 0);
  await refresh();
  assert(!set.has('s', { userId: 'a' }) && set.has('s', { userId: 'b' }));
  await close();
});

it('more changes than are read at once are all there', async () => {
  const { set, suppress, refresh, close } = await rig();
  const ids = Array.from({ length: limits.suppressionsRead + 1 }, (_, index) => `u${index}`);
  await suppress(ids);
  await refresh();
  assert(ids.every((userId) => set.has('s', { userId })));
  await close();
});

it('a database that fails is asked again until it answers', async () => {
  const { set, suppress, refresh, failures, close } = await rig();
  failures.push(new Error('away'), new Error('away'));
  await suppress(['a']);
  await refresh();
  assert(set.has('s', { userId: 'a' }));
  await close();
});
