import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

const latency = 'tributary_deliver_recent_latency_seconds';
const success = 'tributary_deliver_recent_success_ratio';

test('the metrics say of each destination how quick it was of late, and how often it took what it was sent', async () => {
  const rig = await new DeliverRig().start();
  let tries = 0;
  rig.answering = () => {
    tries += 1;
    return tries % 2 === 0 ? 200 : 503;
  };
  await rig.configure({ connections: [connection()] });
  await rig.append(...Array.from({ length: 8 }, (_, n) => ({ id: `${n}`, u: 'one' })));
  await rig.clock.advance(30_000);
  const of = { destination: 'dest' };
  assert.equal(await rig.metric(success, of), 0.5);
  const half = await rig.metric(latency, { ...of, quantile: '0.5' });
  const most = await rig.metric(latency, { ...of, quantile: '0.99' });
  assert.ok(half >= 1 && most > half && most < 30, `${half} ${most}`);
  // What is long over is not said any more.
  for (const _ of [1, 2]) {
    await rig.clock.advance(61_000);
    await rig.metric(success, of);
  }
  assert.equal(await rig.metric(latency, of), 0);
  await rig.stop();
});
