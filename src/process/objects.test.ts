import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../core/json.ts';
import { recordKinds } from '../core/records.ts';
import { createMemoryKeySet } from '../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { eventsOf, readAll, received, StillClock, startRig } from './testing/process-rig.ts';

test('objects go to the log events as records of their own, in order, and are no events', async (t) => {
  const engine = await openMemoryLogEngine({ clock: new StillClock() });
  const rig = await startRig({ engine, openKeys: async () => createMemoryKeySet() });
  t.after(() => rig.stop());
  const set = (id: string, properties: JsonObject) => ({
    type: 'set',
    collection: 'rooms',
    id,
    properties,
  });
  const offset = await rig.send(
    {
      batch: [
        set('a', { x: 1 }),
        { type: 'track', event: 'E', userId: 'u' },
        set('b', {}),
        set('', {}),
      ],
    },
    { nonce: '0'.repeat(32), refused: [[3, 'object_id_not_valid', 'id']], test: true },
  );
  await rig.caughtUp();
  const [first, , second, discard] = await readAll(engine);
  assert.deepEqual([first?.kind, second?.kind], [recordKinds.object, recordKinds.object]);
  assert.equal(discard?.kind, recordKinds.discard);
  const { id, ...meta } = JSON.parse(first?.meta ?? '');
  assert.deepEqual(meta, {
    i: offset,
    n: 0,
    t: received,
    collection: 'rooms',
    object: 'a',
    test: true,
  });
  assert.deepEqual(JSON.parse(first?.body.toString() ?? ''), {
    collection: 'rooms',
    id: 'a',
    properties: { x: 1 },
    messageId: id,
    receivedAt: '2026-11-20T10:00:00.000Z',
  });
  assert.equal((await eventsOf(engine)).length, 1);
  const metric = await rig.registry.getSingleMetricAsString('tributary_process_objects_total');
  assert.match(metric, /source="src_1"\} 2/);
});
