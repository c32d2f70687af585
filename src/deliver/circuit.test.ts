import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../core/limits.ts';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

const hour = 3_600_000;

const users = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `${n}`, u: `${n}` }));

/** A rig whose destination is down, with `count` events of as many users. */
async function down(count: number): Promise<DeliverRig> {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  rig.answering = () => 503;
  if (count > 0) await rig.append(...users(count));
  return rig;
}

test('while the circuit is open only a probe goes out, every 5 to 30 seconds, further and further apart', async () => {
  const rig = await down(500);
  await rig.clock.advance(100);
  assert.equal(rig.lane().circuit, 'open');
  assert.equal(await rig.metric('tributary_deliver_circuit_open'), 1);
  const before = rig.sent.length;
  assert.ok(before <= limits.circuitAttempts + limits.laneConcurrency);
  const opened = rig.sent.at(-1)?.at ?? 0;
  await rig.clock.advance(120_000);
  const probes = rig.sent.slice(before).map(({ at }) => Math.round((at - opened) / 1_000));
  assert.deepEqual(probes, [5, 15, 35, 65, 95]);
  assert.deepEqual(new Set(rig.ids().slice(before)), new Set(['0']), 'the oldest is the probe');
  await rig.stop();
});

test('the first success closes it and makes every parked event due at once', async () => {
  const rig = await down(300);
  await rig.clock.advance(100);
  rig.answering = () => 200;
  await rig.clock.advance(5_200);
  assert.equal(rig.lane().circuit, 'closed');
  assert.equal(new Set(rig.ids()).size, 300);
  assert.equal(rig.lane().delivered, 300);
  assert.equal(rig.lane().parked, 0);
  await rig.stop();
});

test('the time an open circuit takes does not count towards giving up, also across a restart', async () => {
  const rig = await down(100);
  await rig.clock.advance(3 * hour);
  await rig.crash();
  await rig.start();
  await rig.clock.advance(3 * hour);
  rig.answering = () => 200;
  await rig.clock.advance(60_000);
  assert.equal(rig.lane().parked, 0);
  const codes = (await rig.results()).map(({ code }) => code);
  assert.ok(!codes.includes('retries_exhausted'));
  assert.equal(new Set(rig.ids()).size, 100);
  await rig.stop();
});

test('a few failures among successes do not open it', async () => {
  const rig = await down(0);
  let count = 0;
  rig.answering = () => (count++ % 3 === 0 ? 503 : 200);
  await rig.append(...users(200));
  await rig.clock.advance(500);
  assert.equal(rig.lane().circuit, 'closed');
  await rig.stop();
});

test('fewer than 20 attempts do not open it, however they end', async () => {
  const rig = await down(limits.circuitAttempts - 1);
  await rig.clock.advance(500);
  assert.equal(rig.lane().circuit, 'closed');
  await rig.stop();
});

test('refusals are answers: they close it', async () => {
  const rig = await down(100);
  await rig.clock.advance(100);
  rig.answering = () => 400;
  await rig.clock.advance(6_000);
  assert.equal(rig.lane().circuit, 'closed');
  assert.equal(rig.lane().discarded, 100);
  await rig.stop();
});

test('a Retry-After longer than the next probe holds the probe back', async () => {
  const rig = await down(0);
  rig.answering = () => ({ status: 503, headers: { 'retry-after': '90' }, body: '' });
  await rig.append(...users(100));
  await rig.clock.advance(100);
  const before = rig.sent.length;
  await rig.clock.advance(88_000);
  assert.equal(rig.sent.length, before);
  await rig.clock.advance(4_000);
  assert.equal(rig.sent.length, before + 1);
  await rig.stop();
});

test('changed settings are probed at once', async () => {
  const rig = await down(100);
  await rig.clock.advance(16_000);
  rig.answering = () => 200;
  await rig.configure({
    connections: [connection({ settings: { hooks: ['http://hook/'], v: 2 } })],
  });
  await rig.clock.advance(500);
  assert.equal(rig.lane().delivered, 100);
  await rig.stop();
});

test('an event that fails in the moment the circuit closes is not forgotten', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  const late = Promise.withResolvers<void>();
  rig.answering = async ({ body }) => {
    const id = Number(JSON.parse(String(body)).messageId);
    if (id < 20) return 503;
    await late.promise;
    return id === 20 ? 503 : 200;
  };
  await rig.append(...Array.from({ length: 22 }, (_, n) => ({ id: `${n}`, u: `${n}` })));
  await rig.clock.advance(100);
  assert.equal(rig.lane().circuit, 'open');
  late.resolve();
  rig.answering = () => 200;
  await rig.clock.advance(10_000);
  assert.deepEqual(
    [rig.lane().circuit, rig.lane().parked, rig.lane().delivered],
    ['closed', 0, 22],
  );
  await rig.stop();
});
