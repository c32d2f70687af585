import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogReader } from '../../core/event-log.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { openEventFeed } from './event-feed.ts';

async function rig() {
  const engine = await openMemoryLogEngine({ clock: new FakeClock() });
  const { writer } = await engine.openWriter('events', 0);
  let reads = 0;
  const open = async (): Promise<LogReader> => {
    const reader = await engine.openReader('events', 0);
    const { read } = reader;
    reader.read = (from, options) => {
      reads += 1;
      return read.call(reader, from, options);
    };
    return reader;
  };
  let input = 0;
  const append = (...ids: readonly string[]) => {
    input += 1;
    return writer.append(
      ids.map((id, n) => ({
        kind: recordKinds.event,
        source: id[0] ?? '',
        meta: JSON.stringify({ i: input, n, t: 0, type: 'track', id }),
        body: Buffer.from(`{"messageId":"${id}"}`),
      })),
    );
  };
  return { append, open, reads: () => reads, engine };
}

/** All ids of a source from an offset to the end. */
async function drain(
  feed: Awaited<ReturnType<typeof openEventFeed>>,
  source: string,
  from: number,
) {
  const ids: string[] = [];
  for (let at = from; ; ) {
    const { events, next } = await feed.read(source, at);
    ids.push(...events.map(({ meta }) => meta.id));
    if (next === at) return { ids, at };
    at = next;
  }
}

test('a lane that lags reads its source alone and arrives at the shared tail', async () => {
  const { append, open } = await rig();
  await append('a1', 'b1', 'a2');
  const feed = await openEventFeed(open, silentLogger);
  feed.setSources(new Set(['a', 'b']));
  const a = await drain(feed, 'a', 0);
  assert.deepEqual(a.ids, ['a1', 'a2']);
  await append('b2', 'a3');
  assert.deepEqual((await drain(feed, 'a', a.at)).ids, ['a3']);
  assert.deepEqual((await drain(feed, 'b', a.at)).ids, ['b2']);
  assert.deepEqual((await drain(feed, 'b', 0)).ids, ['b1', 'b2']);
  await feed.close();
});

test('what one lane at the tail has read the others get without a read, and the same object', async () => {
  const { append, open, reads } = await rig();
  const feed = await openEventFeed(open, silentLogger);
  feed.setSources(new Set(['a']));
  const { at } = await drain(feed, 'a', 0);
  await append('a1');
  const [one, other] = await Promise.all([feed.read('a', at), feed.read('a', at)]);
  const before = reads();
  const third = await feed.read('a', at);
  assert.equal(reads(), before);
  assert.equal(one.events[0], other.events[0]);
  assert.equal(third.events[0]?.event, one.events[0]?.event);
  await feed.close();
});

test('a source that comes later misses nothing that was read without it', async () => {
  const { append, open } = await rig();
  const feed = await openEventFeed(open, silentLogger);
  feed.setSources(new Set(['a']));
  const { at } = await drain(feed, 'a', 0);
  await append('a1', 'b1');
  await drain(feed, 'a', at);
  feed.setSources(new Set(['a', 'b']));
  assert.deepEqual((await drain(feed, 'b', at)).ids, ['b1']);
  await feed.close();
});

test('a sleeper is woken by what came between its look and its sleep, and by what comes after', async () => {
  const { append, open } = await rig();
  const feed = await openEventFeed(open, silentLogger);
  feed.setSources(new Set(['a']));
  const { at } = await drain(feed, 'a', 0);
  await append('a1');
  const { at: end } = await drain(feed, 'a', at);
  let woken = 0;
  feed.onMore(at, () => {
    woken += 1;
  });
  await settle();
  assert.equal(woken, 1);
  const cancel = feed.onMore(end, () => {
    woken += 10;
  });
  cancel();
  feed.onMore(end, () => {
    woken += 1;
  });
  await append('a2');
  await settle();
  assert.equal(woken, 2);
  await feed.close();
});

test('what stands in memory is not read again', async () => {
  const { append, open, reads } = await rig();
  const feed = await openEventFeed(open, silentLogger);
  feed.setSources(new Set(['a']));
  const { at } = await drain(feed, 'a', 0);
  const first = await append('a1', 'a2', 'b1');
  await drain(feed, 'a', at);
  const before = reads();
  const found = await feed.readAt('a', [first, first + 1]);
  assert.equal(reads(), before);
  assert.deepEqual(
    [...found.values()].map(({ meta }) => meta.id),
    ['a1', 'a2'],
  );
  assert.equal((await feed.readAt('b', [first + 2])).get(first + 2)?.meta.id, 'b1');
  assert.equal(reads(), before + 1);
  await feed.close();
});

test('events are read again by their offsets, neighbours at once; what is gone is missing', async () => {
  const { append, open, engine, reads } = await rig();
  const first = await append('a1', 'a2', 'b1', 'a3');
  const second = await append('a4');
  const feed = await openEventFeed(open, silentLogger);
  const wanted = [first, first + 3, second];
  const before = reads();
  const found = await feed.readAt('a', wanted);
  assert.equal(reads() - before, 1);
  assert.deepEqual(
    wanted.map((offset) => found.get(offset)?.meta.id),
    ['a1', 'a3', 'a4'],
  );
  assert.equal((await feed.readAt(undefined, [first + 2])).get(first + 2)?.meta.id, 'b1');
  const start = await engine.trim('events', 0, second);
  await feed.close();
  const later = await openEventFeed(open, silentLogger);
  assert.deepEqual([...(await later.readAt('a', wanted)).keys()], [second]);
  assert.equal((await later.read('a', 0)).start, start);
  await later.close();
});
