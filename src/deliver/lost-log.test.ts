import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

const metric = 'tributary_deliver_cursors_ahead_total';

test('where the log is older than the cursors, what is new in it is delivered all the same, and it is counted', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  await rig.append({ id: 'old', u: 'a' });
  await rig.clock.advance(1_000);
  await rig.stop();
  await rig.start();
  assert.equal(await rig.metric(metric), 0, 'a log that is as it was left');
  await rig.stop();

  await rig.start();
  await rig.store.db.updateTable('cursor').set({ stamp_input: 1_000_000 }).execute();
  await rig.crash();
  await rig.start();
  assert.equal(await rig.metric(metric, { destination: 'dest' }), 1);
  await rig.append({ id: 'new', u: 'a' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['old', 'new']);
  await rig.stop();

  await rig.start();
  assert.equal(await rig.metric(metric), 0, 'it is put right once');
  await rig.stop();
});

test('a destination that has not been given anything is not ahead of an empty log', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({ connections: [connection()] });
  await rig.clock.advance(1_000);
  await rig.stop();
  await rig.start();
  assert.equal(await rig.metric(metric), 0);
  await rig.append({ id: 'first', u: 'a' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['first']);
  await rig.stop();
});
