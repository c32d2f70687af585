import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

async function deliver(takes: 'live' | 'test' | 'all' | undefined): Promise<DeliverRig> {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection(takes === undefined ? {} : { takes })] });
  await rig.append({ id: 'live', u: 'a' }, { id: 'tried', u: 'b', test: true });
  rig.deliver.wake();
  await rig.clock.advance(1_000);
  return rig;
}

test('a destination takes live events only, unless it is set otherwise', async () => {
  const rig = await deliver(undefined);
  assert.deepEqual(rig.ids(), ['live']);
  const counted = { code: 'filtered_by_key_mode' };
  assert.equal(await rig.metric('tributary_deliver_filtered_total', counted), 1);
  await rig.stop();
});

test('a destination that takes test events gets those alone, one that takes all gets both', async () => {
  const tests = await deliver('test');
  assert.deepEqual(tests.ids(), ['tried']);
  await tests.stop();
  const all = await deliver('all');
  assert.deepEqual(all.ids().sort(), ['live', 'tried']);
  await all.stop();
});

test('a replay sends what the destination takes, no test events to a live one', async () => {
  const rig = await deliver(undefined);
  const replay = { id: 'again', connectionId: 'dest', from: 0, to: rig.clock.now() + 1 };
  await rig.configure({ replays: [replay] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['live', 'live']);
  await rig.stop();
});
