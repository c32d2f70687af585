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

test('where input cannot repeat, stamps of an earlier run hide nothing, however far the new log has come at the start', async () => {
  const rig = await new DeliverRig({ inputRepeats: false }).start();
  await rig.configure({ connections: [connection()] });
  await rig.append({ id: 'old', u: 'a' });
  await rig.clock.advance(1_000);
  await rig.stop();

  await rig.start();
  // Below the mark: the lost log has been filled up to here meanwhile.
  await rig.store.db.updateTable('cursor').set({ stamp_input: 5 }).execute();
  await rig.crash();
  for (let n = 0; n < 9; n++) await rig.append({ id: `new${n}`, u: 'a' });
  await rig.start();
  await rig.clock.advance(1_000);
  const expected = Array.from({ length: 9 }, (_, n) => `new${n}`);
  assert.deepEqual(rig.ids(), ['old', ...expected]);
  await rig.stop();
});
