import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { sourceConfig, startIngest } from './testing/ingest-rig.ts';

const track = { type: 'track', event: 'E', userId: 'u', messageId: 'm' };

test('what the server sends to a source is durable as a batch, and an item that is no event is refused by its place', async (t) => {
  const { ingest, configure, stored } = await startIngest(
    t,
    await openMemoryLogEngine({ clock: systemClock }),
  );
  configure([
    sourceConfig('on', { limits: { requestsPerSecond: 1 } }),
    sourceConfig('off', { enabled: false }),
  ]);
  const items = [track, { type: 'track', userId: 'u' }, { type: 'dance', userId: 'u' }];
  assert.deepEqual(await ingest.emit({ source: 'on', items, test: true }), { kind: 'taken' });
  assert.deepEqual(await ingest.emit({ source: 'on', items: [track] }), { kind: 'taken' });
  assert.deepEqual(await ingest.emit({ source: 'off', items: [track] }), { kind: 'taken' });
  const unknown = await ingest.emit({ source: 'none', items });
  assert.equal(unknown.kind, 'refused');
  const [mixed, good, off, ...more] = await stored();
  assert.deepEqual(more, []);
  assert.deepEqual(
    mixed?.meta.refused?.map(([index, code]) => [index, code]),
    [
      [1, 'event_not_defined'],
      [2, 'type_not_supported'],
    ],
  );
  assert.deepEqual([mixed?.meta.n, mixed?.meta.test, mixed?.source], [3, true, 'on']);
  assert.deepEqual(JSON.parse(good?.text ?? ''), { batch: [track] });
  assert.deepEqual([good?.meta.refused, good?.meta.ip], [undefined, undefined]);
  assert.deepEqual([off?.meta.discard, off?.meta.n], ['source_disabled', 1]);
});

test('while the log takes nothing, or the disk is full, it is to be given again', async (t) => {
  for (const deps of [{ failing: () => true }, { hasRoom: () => false }]) {
    const engine = await openMemoryLogEngine({ clock: systemClock, ...deps });
    const { ingest, configure, stored } = await startIngest(t, engine, deps);
    configure([sourceConfig('on')]);
    assert.equal((await ingest.emit({ source: 'on', items: [track] })).kind, 'failed');
    assert.deepEqual(await stored(), []);
  }
});
