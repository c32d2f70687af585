import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../core/limits.ts';
import { Pace } from './lane/pace.ts';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

const limited = { kind: 'retry', message: 'HTTP 429', status: 429 } as const;
const delivered = { kind: 'delivered', status: 200 } as const;
const users = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `${n}`, u: `${n}` }));

test('a 429 halves what is sent at once, once for all that was under way; successes give it back bit by bit', () => {
  const pace = new Pace();
  assert.equal(pace.placesOf(64), 64);
  for (let n = 0; n < 10; n += 1) pace.record(limited, 1_000 + n, 0);
  assert.deepEqual([pace.placesOf(64), pace.placesOf(8)], [32, 4]);
  for (let n = 0; n < 32; n += 1) pace.record(delivered, 2_000, 0);
  assert.equal(pace.placesOf(64), 33);
  for (let n = 0; n < 20; n += 1) pace.record(limited, 10_000 * n, 0);
  assert.deepEqual([pace.placesOf(64), pace.placesOf(8)], [1, 1]);
  for (let n = 0; n < 3_000; n += 1) pace.record(delivered, 300_000, 0);
  assert.equal(pace.placesOf(64), 64);
});

test('only a far end that says it gets too much slows its lane down', () => {
  const pace = new Pace();
  pace.record({ kind: 'retry', message: 'HTTP 500', status: 500 }, 1_000, 60_000);
  pace.record({ kind: 'retry', message: 'HTTP 503', status: 503 }, 1_000, 0);
  pace.record({ kind: 'retry', message: 'No answer' }, 1_000, 0);
  assert.deepEqual([pace.pausedUntil, pace.placesOf(64)], [0, 64]);
  pace.record({ kind: 'retry', message: 'HTTP 503', status: 503 }, 1_000, 5_000);
  assert.deepEqual([pace.pausedUntil, pace.placesOf(64)], [6_000, 32]);
  pace.reset();
  assert.deepEqual([pace.pausedUntil, pace.placesOf(64)], [0, 64]);
});

test('behind a circuit a lane begins with one place, and doubles them as long as all is answered', () => {
  const pace = new Pace();
  pace.beginAnew();
  assert.deepEqual([pace.placesOf(64), pace.placesOf(8)], [1, 1]);
  for (let n = 0; n < 3; n += 1) pace.record(delivered, 1_000, 0);
  pace.record({ kind: 'discard', code: 'message_rejected', message: 'HTTP 400' }, 1_000, 0);
  assert.equal(pace.placesOf(64), 5);
  for (let n = 0; n < 59; n += 1) pace.record(delivered, 1_000, 0);
  assert.equal(pace.placesOf(64), 64);
});

test('behind a circuit the first failure ends the doubling: then it is one place for each round of successes', () => {
  const pace = new Pace();
  pace.beginAnew();
  for (let n = 0; n < 7; n += 1) pace.record(delivered, 1_000, 0);
  pace.record({ kind: 'retry', message: 'HTTP 500', status: 500 }, 1_000, 0);
  assert.equal(pace.placesOf(64), 8);
  for (let n = 0; n < 8; n += 1) pace.record(delivered, 1_000, 0);
  assert.equal(pace.placesOf(64), 9);
  pace.reset();
  assert.equal(pace.placesOf(64), 64);
});

test('nothing is sent before the time that a Retry-After asks for is over, then everything', async () => {
  const rig = await new DeliverRig().start();
  const begun = rig.clock.now();
  rig.answering = () =>
    rig.clock.now() - begun < 30_000
      ? { status: 429, headers: { 'retry-after': '30' }, body: '' }
      : 200;
  await rig.configure({ connections: [connection()] });
  await rig.append(...users(300));
  await rig.clock.advance(29_000);
  assert.ok(rig.sent.length <= limits.laneConcurrency, String(rig.sent.length));
  await rig.append({ id: 'late', u: 'late' });
  await rig.clock.advance(500);
  assert.ok(!rig.ids().includes('late'));
  await rig.clock.advance(60_000);
  assert.equal(new Set(rig.ids()).size, 301);
  assert.equal(rig.lane().parked, 0);
  await rig.stop();
});
