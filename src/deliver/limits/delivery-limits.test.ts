import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryLimits } from '../../core/delivery-limits.ts';
import { BatchDestination } from '../testing/batch-destination.ts';
import { connection, DeliverRig } from '../testing/deliver-rig.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createDeliveryQuotas } from './delivery-quotas.ts';

const users = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ id: `${from + n}`, u: `${from + n}` }));
const limited = (deliveryLimits: DeliveryLimits, hooks?: readonly string[]) => {
  const one = connection();
  return { ...one, deliveryLimits, settings: hooks ? { ...one.settings, hooks } : one.settings };
};

/** The most that were sent within any second. */
function mostInASecond(sent: readonly { readonly at: number }[]): number {
  const within = ({ at }: { at: number }) =>
    sent.filter((one) => one.at >= at && one.at < at + 1_000).length;
  return Math.max(0, ...sent.map(within));
}

test('no more is sent in a second than a user allows, and nothing is lost', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [limited({ requestsPerSecond: 20 })] });
  await rig.append(...users(100));
  await rig.clock.advance(500);
  assert.equal(rig.lane()['limited'], true);
  await rig.clock.advance(9_500);
  assert.equal(new Set(rig.ids()).size, 100);
  const most = mostInASecond(rig.sent);
  assert(most <= 22 && most >= 18, String(most));
  assert.equal(rig.lane()['limited'], false);
  await rig.stop();
});

test('no more attempts are under way than a user allows, and a change holds at once', async () => {
  const rig = await new DeliverRig().start();
  let [open, most] = [0, 0];
  const ends: (() => void)[] = [];
  rig.answering = () => {
    open += 1;
    most = Math.max(most, open);
    return new Promise((resolve) => {
      ends.push(() => {
        open -= 1;
        resolve(200);
      });
    });
  };
  const end = async () => {
    while (ends.length > 0) {
      for (const one of ends.splice(0)) one();
      await rig.clock.advance(10);
    }
  };
  await rig.configure({ connections: [limited({ concurrency: 3 })] });
  await rig.append(...users(20));
  await rig.clock.advance(10);
  assert.deepEqual([open, rig.lane()['places']], [3, 3]);
  await rig.configure({ connections: [limited({ concurrency: 7 })] });
  await rig.clock.advance(10);
  assert.equal(open, 7);
  await rig.configure({ connections: [connection()] });
  await rig.clock.advance(10);
  assert.equal(open, 20);
  await end();
  assert.equal(new Set(rig.ids()).size, 20);
  await rig.stop();
});

test('a batch counts as one, and the rate holds for batches too', async () => {
  const far = new BatchDestination();
  far.mostEvents = 10;
  const rig = await new DeliverRig({ definitions: [far.definition] }).start();
  await rig.configure({ connections: [limited({ requestsPerSecond: 1 })] });
  await rig.append(...users(50));
  await rig.clock.advance(900);
  assert.equal(far.sent.length, 1);
  await rig.clock.advance(4_100);
  assert.equal(far.sent.length, 5);
  assert.equal(far.sent.flat().length, 50);
  await rig.stop();
});

test('what is repeated keeps to the rate as well, and the order of a user stays', async () => {
  const rig = await new DeliverRig().start();
  const begun = rig.clock.now();
  rig.answering = () => (rig.clock.now() - begun < 5_000 ? 500 : 200);
  await rig.configure({ connections: [limited({ requestsPerSecond: 10 })] });
  const events = users(30).flatMap(({ id, u }) => [
    { id: `${id}-1`, u },
    { id: `${id}-2`, u },
  ]);
  await rig.append(...events);
  await rig.clock.advance(600_000);
  const most = mostInASecond(rig.sent);
  assert(most <= 11, String(most));
  const taken = rig.sent.filter(({ at }) => at - begun >= 5_000).map(({ id }) => id);
  assert.equal(new Set(taken).size, 60);
  for (const { id } of users(30)) {
    assert(taken.indexOf(`${id}-1`) < taken.indexOf(`${id}-2`), id);
  }
  await rig.stop();
});

test('the partitions of a node share its part of the limits, which is theirs of all', () => {
  const clock = new FakeClock();
  const quotas = createDeliveryQuotas(clock, 4);
  const leaves = [quotas.join(), quotas.join()];
  const deliveryLimits = { requestsPerSecond: 8, concurrency: 8 };
  const quota = quotas.of({ id: 'd', deliveryLimits });
  assert(quota !== undefined);
  assert.equal(quotas.of({ id: 'd', deliveryLimits }), quota, 'one for all partitions');
  assert.equal(quota.placesOf(64), 4);
  leaves[0]?.();
  assert.equal(quota.placesOf(64), 2);
  assert.equal(quotas.of({ id: 'd' }), undefined);
});

test('replays stand back while live lanes wait for the same limit', () => {
  const quotas = createDeliveryQuotas(new FakeClock(), 1);
  const quota = quotas.of({ id: 'd', deliveryLimits: { concurrency: 1 } });
  assert(quota !== undefined);
  quota.enter();
  const woken: string[] = [];
  quota.onRoom(() => woken.push('replay'), true);
  quota.onRoom(() => woken.push('live'), false);
  assert.equal(quota.hasRoom(false), false);
  quota.leave();
  assert.deepEqual(woken, ['live', 'replay']);
  quota.onRoom(() => undefined, false);
  assert.deepEqual([quota.hasRoom(true), quota.hasRoom(false)], [false, true]);
});
