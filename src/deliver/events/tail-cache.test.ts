import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordKinds } from '../../core/records.ts';
import { StoredEvent } from './stored-event.ts';
import { TailCache } from './tail-cache.ts';

function event(offset: number, length: number, source = 's'): StoredEvent {
  const body = Buffer.from('x'.repeat(length));
  return new StoredEvent({ offset, kind: recordKinds.event, source, meta: '{}', body });
}

test('stretches without an event of interest take no memory, however many they are', () => {
  const cache = new TailCache(0, 1_000);
  for (let next = 1; next <= 1_000; next += 1) cache.append({ events: [], next });
  assert.deepEqual(cache.read('s', 0), { events: [], next: 1_000 });
  cache.append({ events: [event(1_000, 10)], next: 1_001 });
  cache.append({ events: [], next: 1_002 });
  const { events, next } = cache.read('s', 1_000);
  assert.deepEqual([events.length, next], [1, 1_002]);
});

test('the oldest stretches are forgotten at the bound, small events count with what holds them', () => {
  const cache = new TailCache(0, 100_000);
  for (let at = 0; at < 10_000; at += 1) cache.append({ events: [event(at, 1)], next: at + 1 });
  assert.ok(cache.start > 9_000, `begins at ${cache.start}`);
  assert.equal(cache.read('s', cache.start).events.length, 1);
  assert.equal(cache.covers(0), false);
});

test('an event is found by its offset as long as the cache holds it, and by no other', () => {
  const cache = new TailCache(100, 2_100);
  cache.append({ events: [event(100, 1), event(110, 1, 'other'), event(120, 1)], next: 130 });
  cache.append({ events: [], next: 140 });
  cache.append({ events: [event(140, 1)], next: 150 });
  const found = (offset: number) => cache.at('s', offset)?.offset;
  assert.deepEqual([90, 100, 110, 120, 130, 140, 150].map(found), [
    ...[undefined, 100, undefined, 120, undefined, 140, undefined],
  ]);
  assert.equal(cache.at('other', 110)?.offset, 110);
  cache.append({ events: [event(150, 1), event(151, 1)], next: 160 });
  assert.deepEqual([100, 140, 151].map(found), [undefined, 140, 151]);
});
