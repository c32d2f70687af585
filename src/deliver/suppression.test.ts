import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Suppressions } from '../core/suppressions.ts';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

test('what stands in the log of a user suppressed since is not sent, live or again; it is counted', async () => {
  const suppressed = new Set(['b']);
  const suppressions: Suppressions = {
    refresh: () => undefined,
    isEmpty: false,
    has: (_source, { userId = '', previousId = '' }) =>
      suppressed.has(userId) || suppressed.has(previousId),
  };
  const rig = await new DeliverRig({ suppressions }).start();
  await rig.configure({ connections: [connection({})] });
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' }, { id: '3', u: 'c', p: 'b' });
  rig.deliver.wake();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['1']);
  const counted = { code: 'user_suppressed' };
  assert.equal(await rig.metric('tributary_deliver_filtered_total', counted), 2);
  suppressed.add('a');
  const replay = { id: 'again', connectionId: 'dest', from: 0, to: rig.clock.now() + 1 };
  await rig.configure({ replays: [replay] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['1']);
  await rig.stop();
});

test('what waits for its next try is not tried again once its user is suppressed', async () => {
  const suppressed = new Set<string>();
  const suppressions: Suppressions = {
    refresh: () => undefined,
    get isEmpty() {
      return suppressed.size === 0;
    },
    has: (_source, { userId = '' }) => suppressed.has(userId),
  };
  const rig = await new DeliverRig({ suppressions }).start();
  await rig.configure({ connections: [connection({})] });
  rig.answering = () => 500;
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  rig.deliver.wake();
  await rig.clock.advance(500);
  const tries = (id: string) => rig.ids().filter((one) => one === id).length;
  assert(tries('1') > 0);
  const before = tries('1');
  suppressed.add('a');
  rig.answering = () => 200;
  await rig.clock.advance(60_000);
  assert.equal(tries('1'), before);
  assert(tries('2') > 1);
  const waiting = await rig.store.db.selectFrom('parked').selectAll().execute();
  assert.deepEqual(waiting, []);
  await rig.stop();
});

test('what is left out for a deletion is told by when it was received', async () => {
  let before = Number.POSITIVE_INFINITY;
  const suppressions: Suppressions = {
    refresh: () => undefined,
    isEmpty: false,
    has: (_source, _ids, receivedAt = 0) => receivedAt < before,
  };
  const rig = await new DeliverRig({ suppressions }).start();
  await rig.configure({ connections: [connection({})] });
  await rig.append({ id: '1', u: 'a' });
  rig.deliver.wake();
  await rig.clock.advance(1_000);
  before = rig.clock.now();
  await rig.append({ id: '2', u: 'a' });
  rig.deliver.wake();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['2']);
  await rig.stop();
});
