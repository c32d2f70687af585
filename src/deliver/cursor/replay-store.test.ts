import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { ReplayStore } from './replay-store.ts';

const ids = { replay: 'r', connection: 'dest' };
const none = { delivered: 0, discarded: 0, filtered: 0 };

async function open(t: { after(end: () => Promise<void>): void }) {
  const store = await freshStores().openWork();
  t.after(() => store.close());
  return { store, replays: new ReplayStore(store, 0, await store.leases.take('partition/0')) };
}

test('a replay is known by its lane from its beginning to its end', async (t) => {
  const { replays } = await open(t);
  const until = 2 ** 50;
  assert.equal(await replays.find('dest/a/r'), undefined);
  assert.deepEqual(await replays.begin('dest/a/r', ids, until, 1.5), {
    state: 'running',
    until,
    ...none,
  });
  const counts = { delivered: 2 ** 33, discarded: 2, filtered: 3 };
  await replays.count('dest/a/r', counts, 2);
  assert.deepEqual(await replays.find('dest/a/r'), { state: 'running', until, ...counts });
  await replays.end('dest/a/r', 'done', { ...counts, filtered: 4 }, 3);
  assert.deepEqual(await replays.find('dest/a/r'), {
    state: 'done',
    until,
    ...counts,
    filtered: 4,
  });
});

test('a replay is over when it has begun and none of its lanes runs', async (t) => {
  const { store, replays } = await open(t);
  const other = new ReplayStore(store, 1, await store.leases.take('partition/1'));
  assert.equal(await replays.isOver('r'), false);
  for (const lane of ['dest/a/r', 'dest/b/r']) await replays.begin(lane, ids, 9, 1);
  await replays.end('dest/a/r', 'done', none, 2);
  assert.equal(await replays.isOver('r'), false);
  await replays.end('dest/b/r', 'cancelled', none, 2);
  assert.equal(await replays.isOver('r'), true);
  assert.equal(await other.isOver('r'), false, 'each partition for itself');
});

test('the former owner of a partition writes nothing of replays any more', async (t) => {
  const { store, replays } = await open(t);
  await replays.begin('dest/a/r', ids, 9, 1);
  await store.db.updateTable('lease').set({ expires_at: 0 }).execute();
  await store.leases.take('partition/0');
  const lost = { code: 'lease_lost' };
  await assert.rejects(replays.begin('dest/b/r', ids, 9, 1), lost);
  await assert.rejects(replays.count('dest/a/r', { ...none, delivered: 1 }, 2), lost);
  await assert.rejects(replays.end('dest/a/r', 'done', none, 2), lost);
  assert.deepEqual(await replays.find('dest/a/r'), { state: 'running', until: 9, ...none });
  assert.equal(await replays.find('dest/b/r'), undefined);
});
