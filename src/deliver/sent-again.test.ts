import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, DeliverRig } from './testing/deliver-rig.ts';

const other = connection({ id: 'other', settings: { hooks: ['http://other/'] } });

test('an event that is sent again goes to its lane alone, past kind of key and sample', async () => {
  const rig = await new DeliverRig({ random: () => 0.9 }).start();
  const half = [{ if: 'all', actions: [{ type: 'SAMPLE', percent: 0.5 }] }] as const;
  await rig.configure({ connections: [connection({ takes: 'test', filters: half }), other] });
  await rig.append({ id: 'a', u: '1', lane: ['dest', 'httphook'] });
  await rig.append({ id: 'all', u: '2' });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids('http://hook/'), ['a']);
  assert.deepEqual(rig.ids('http://other/'), ['all']);
  await rig.stop();
});

test('when its lane is gone, the target having been changed, every lane of its destination takes it', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({
    connections: [connection({ settings: { hooks: ['http://a/', 'http://b/'] } }), other],
  });
  await rig.append({ id: 'one', lane: ['dest', 'httpb'] }, { id: 'gone', lane: ['dest', 'httpc'] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids('http://a/'), ['gone']);
  assert.deepEqual(rig.ids('http://b/'), ['one', 'gone']);
  assert.deepEqual(rig.ids('http://other/'), []);
  await rig.stop();
});

test('a replay passes over it: it sends the event itself', async () => {
  const rig = await new DeliverRig().start();
  const begin = rig.clock.now();
  await rig.configure({ connections: [connection()] });
  await rig.append({ id: 'a' }, { id: 'a', lane: ['dest', 'httphook'] });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['a', 'a']);
  await rig.configure({
    replays: [{ id: 'r', connectionId: 'dest', from: begin, to: begin + 60_000 }],
  });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.ids(), ['a', 'a', 'a']);
  await rig.stop();
});
