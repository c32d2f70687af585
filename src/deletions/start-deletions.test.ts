import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DeletionTarget } from '../core/deletion.ts';
import { limits } from '../core/limits.ts';
import { silentLogger } from '../core/logger.ts';
import { Registry } from '../core/prometheus.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { ManualClock, settle } from '../core/testing/manual-clock.ts';
import { freshStores } from '../storage/testing/fresh-stores.ts';
import type { DeletionAnswer } from './delete-at.ts';
import { type Deletions, startDeletions } from './start-deletions.ts';

const snapshot: Snapshot = {
  ...{ version: 1, workspace: { id: 'w', slug: 'w', name: 'w' }, sources: [], connections: [] },
  ...{ replays: [], deletions: 1, newestDeletion: 1 },
};

/** Deletions whose far end says what the test wants. */
async function rig(t: TestContext, subjects: readonly string[] = ['a', 'b', 'c']) {
  const clock = new ManualClock();
  const store = await freshStores().openWork();
  const asked: string[] = [];
  const registry = new Registry();
  const far = {
    answer: (_id: string): DeletionAnswer | Promise<DeletionAnswer> => ({ kind: 'deleted' }),
  };
  const target = (regulation: string, id = 'd'): DeletionTarget => ({
    ...{ regulation, kind: 'destination', id, sourceId: 's', isWhole: true },
    ...{ subjectType: 'USER_ID', before: clock.now() },
  });
  const open: DeletionTarget[] = [];
  const running = new Set<Deletions>();
  const start = (): Deletions => {
    const one = startDeletions({
      ...{ kind: 'destination', store, clock, logger: silentLogger, registry },
      targets: { open: async () => open, subjects: async () => subjects },
      deleteUsers: async ({ id }, ids) => {
        asked.push(`${id} ${ids}`);
        return await far.answer(String(ids[0]));
      },
      ...{ usersAtOnce: 1, pauseMs: 100, leaseOf: ({ id }) => `delete/${id}` },
      snapshot: { current: snapshot, subscribe: () => () => undefined },
    });
    running.add(one);
    return one;
  };
  t.after(async () => {
    for (const one of running) await one.stop();
    await store.close();
  });
  const wait = async (ms: number) => {
    for (let past = 0; past < ms; past += limits.deletionLookMs) {
      await clock.advanceSettling(Math.min(limits.deletionLookMs, ms - past));
    }
  };
  const rows = async () => {
    const all = await store.db
      .selectFrom('deletion_target')
      .selectAll()
      .orderBy('regulation')
      .orderBy('target')
      .execute();
    return all.map(({ regulation, target, state, done, failed, message }) => [
      ...[regulation, target, state, Number(done), Number(failed), message],
    ]);
  };
  return { clock, store, asked, far, target, open, start, wait, rows, registry };
}

test('each user is asked for once, after the time in which older events come to rest, and no timer is left', async (t) => {
  const { open, target, start, wait, asked, rows, clock, registry } = await rig(t);
  open.push(target('r1'));
  start();
  await wait(limits.deletionSettleMs - 1);
  assert.deepEqual(asked, []);
  await wait(2 * limits.deletionLookMs);
  assert.deepEqual(asked, ['d a', 'd b', 'd c']);
  assert.deepEqual(await rows(), [['r1', 'd', 'done', 3, 0, '']]);
  await wait(10 * limits.deletionLookMs);
  assert.equal(clock.pending, 0);
  assert.equal(asked.length, 3);
  const counted = /deleted_users_total\{kind="destination",outcome="deleted"\} 3/;
  assert.match(await registry.metrics(), counted);
});

test('a failure is tried again later each time, from the user at which it failed, also after a restart', async (t) => {
  const { open, target, start, wait, asked, rows, far } = await rig(t);
  far.answer = (id) =>
    id === 'b' ? { kind: 'failed', message: 'busy', retry: true } : { kind: 'deleted' };
  open.push(target('r1'));
  const first = start();
  await wait(limits.deletionSettleMs + 2 * limits.deletionLookMs);
  assert.ok(asked.length > 1 && asked.at(-1) === 'd b');
  assert.deepEqual(await rows(), [['r1', 'd', 'running', 1, 0, 'busy']]);
  await wait(60_000);
  const tries = asked.length;
  assert.ok(tries < 12, `it is asked again and again: ${asked}`);
  await first.stop();
  far.answer = () => ({ kind: 'deleted' });
  start();
  await wait(120_000);
  assert.deepEqual(asked.slice(tries), ['d b', 'd c']);
  assert.deepEqual(await rows(), [['r1', 'd', 'done', 3, 0, '']]);
});

test('what fails for good does not keep the others, and the reason stays', async (t) => {
  const { open, target, start, wait, asked, rows, far } = await rig(t);
  far.answer = (id) =>
    id === 'b' ? { kind: 'failed', message: 'no such user', retry: false } : { kind: 'deleted' };
  open.push(target('r1'));
  start();
  await wait(limits.deletionSettleMs + 2 * limits.deletionLookMs);
  assert.deepEqual(asked, ['d a', 'd b', 'd c']);
  const reason = '1 of 3 users failed: no such user';
  assert.deepEqual(await rows(), [['r1', 'd', 'failed', 3, 1, reason]]);
});

test('a target that cannot be asked is asked once; one that is down for days has failed', async (t) => {
  const { open, target, start, wait, asked, rows, far, clock } = await rig(t, ['a', 'b']);
  open.push(target('r1', 'none'), target('r1', 'down'));
  const unable = { kind: 'unsupported', message: 'it cannot' } as const;
  const down = { kind: 'failed', message: 'no route', retry: true } as const;
  far.answer = () => (asked.at(-1)?.startsWith('none') ? unable : down);
  start();
  await wait(limits.deletionSettleMs + limits.deletionLookMs);
  for (let hour = 0; hour < 160; hour += 1) {
    clock.advance(1_800_000);
    await settle();
  }
  assert.equal(asked.filter((one) => one === 'none a').length, 1);
  assert.deepEqual(await rows(), [
    ['r1', 'down', 'failed', 0, 0, 'no route'],
    ['r1', 'none', 'unsupported', 0, 0, 'it cannot'],
  ]);
  assert.equal(clock.pending, 0);
});

test('one destination has one regulation after another; a call that the end cuts off is no failure', async (t) => {
  const { open, target, start, wait, asked, rows, far } = await rig(t, ['a']);
  open.push(target('r1'), target('r2'));
  const { promise, resolve } = Promise.withResolvers<DeletionAnswer>();
  far.answer = () => promise;
  const running = start();
  await wait(limits.deletionSettleMs + 3 * limits.deletionLookMs);
  assert.deepEqual(asked, ['d a']);
  const stopped = running.stop();
  resolve({ kind: 'failed', message: 'it was ended', retry: false });
  await stopped;
  assert.deepEqual(await rows(), [['r1', 'd', 'running', 0, 0, '']]);
  far.answer = () => ({ kind: 'deleted' });
  start();
  await wait(4 * limits.deletionLookMs);
  assert.deepEqual(
    (await rows()).map(([regulation, , state]) => [regulation, state]),
    [
      ['r1', 'done'],
      ['r2', 'done'],
    ],
  );
});

test('while another node has the lease of a target, it is left alone', async (t) => {
  const { open, target, wait, asked, store, clock } = await rig(t);
  open.push(target('r1'));
  const leases = { ...store.leases, tryTake: async () => undefined };
  const other = startDeletions({
    ...{ kind: 'destination', store: { ...store, db: store.db, leases }, clock },
    ...{ logger: silentLogger, registry: new Registry(), usersAtOnce: 1, pauseMs: 0 },
    targets: { open: async () => open, subjects: async () => ['a'] },
    deleteUsers: async () => assert.fail('it was asked'),
    leaseOf: ({ id }) => id,
    snapshot: { current: snapshot, subscribe: () => () => undefined },
  });
  await wait(limits.deletionSettleMs + 2 * limits.deletionLookMs);
  assert.deepEqual(asked, []);
  await other.stop();
});
