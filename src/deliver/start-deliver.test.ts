import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

test('events go to the webhook, and what was committed is not sent again after a stop', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.append({ id: '3', u: 'a' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids().sort(), ['1', '2', '3']);
  await rig.stop();
  await rig.start();
  await rig.append({ id: '4', u: 'a' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids().slice(3), ['4']);
  await rig.stop();
});
