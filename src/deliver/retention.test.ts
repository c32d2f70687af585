import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

/** A rig whose destination is dead, with 250 events behind it. */
async function behind(): Promise<DeliverRig> {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  rig.answering = () => 503;
  for (let n = 0; n < 20; n += 1) {
    await rig.append(
      ...Array.from({ length: 10 }, (_, m) => ({ id: `${n * 10 + m}`, u: `${n}.${m}` })),
    );
  }
  await rig.clock.advance(6_000);
  // Unread: an open circuit stops the cursor.
  for (let n = 0; n < 50; n += 1) await rig.append({ id: `unread${n}`, u: `${n}` });
  await rig.clock.advance(6_000);
  return rig;
}

test('what is trimmed under a cursor and its parked events is recorded as expired, with its number', async () => {
  const rig = await behind();
  const needed = rig.deliver.neededFrom();
  const parked = Number(rig.lane().parked);
  const end = await rig.append({ id: 'last', u: 'z' });
  const start = await rig.trimEvents(end);
  rig.deliver.onTrim(start);
  await rig.clock.advance(100);
  const expired = (await rig.results()).filter(({ code }) => code === 'expired');
  const total = expired.reduce((sum, { count }) => sum + Number(count), 0);
  // What was read already is still in memory and not lost.
  assert.ok(expired.length >= 1 && expired.length <= 2);
  assert.ok(total >= parked && total <= 250);
  assert.equal(expired[0]?.['from'], needed);
  assert.equal(expired[0]?.['count'], parked);
  assert.ok(Number(expired[1]?.['count']) >= 50);
  rig.answering = () => 200;
  await rig.clock.advance(120_000);
  const delivered = Number(rig.lane().delivered);
  const all = (await rig.results()).filter(({ code }) => code === 'expired');
  const lost = all.reduce((sum, { count }) => sum + Number(count), 0);
  assert.equal(delivered + lost, 251);
  assert.ok(rig.ids().includes('last'));
  assert.ok(rig.deliver.neededFrom() >= end);
  await rig.stop();
});

test('a log that was trimmed while we were down is noticed at the start', async () => {
  const rig = await behind();
  await rig.crash();
  const end = await rig.append({ id: 'last', u: 'z' });
  await rig.trimEvents(end);
  rig.answering = () => 200;
  await rig.start();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids().at(-1), 'last');
  const expired = (await rig.results()).filter(({ code }) => code === 'expired');
  assert.ok(expired.length >= 1);
  assert.equal(rig.lane().parked, 0);
  await rig.stop();
});
