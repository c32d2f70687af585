import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { openEventFeed } from '../events/event-feed.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { LaneLag } from './lane-lag.ts';

async function rig() {
  const engine = await openMemoryLogEngine({ clock: new FakeClock() });
  const { writer } = await engine.openWriter('events', 0);
  const feed = await openEventFeed(() => engine.openReader('events', 0), silentLogger);
  const append = (count: number, source = 's') =>
    writer.append(
      Array.from({ length: count }, () => ({
        kind: recordKinds.event,
        source,
        meta: '{}',
        body: Buffer.from('{}'),
      })),
    );
  return { feed, append, engine, end: () => writer.end };
}

test('the lag is the number of events of the source alone, less what was taken', async () => {
  const { feed, append } = await rig();
  const lag = new LaneLag(feed, 's', 0);
  const first = await append(5);
  await append(3, 'other');
  await lag.refresh();
  assert.equal(lag.remaining, 5);
  lag.take(first);
  lag.take(first + 1);
  assert.equal(lag.remaining, 3);
  await append(2);
  await lag.refresh();
  assert.equal(lag.remaining, 5);
  await feed.close();
});

test('what the lane takes while it is counted is left out', async () => {
  const { feed, append } = await rig();
  const first = await append(10);
  const lag = new LaneLag(feed, 's', 0);
  const counted = lag.refresh();
  for (let turn = 0; turn < 2; turn += 1) await null;
  for (let n = 0; n < 4; n += 1) lag.take(first + n);
  lag.readTo(first + 4);
  await counted;
  assert.ok(lag.remaining === 6 || lag.remaining === 0);
  await lag.refresh();
  assert.equal(lag.remaining, 6);
  await feed.close();
});

test('a lane that has read to the end has no lag', async () => {
  const { feed, append, end } = await rig();
  const lag = new LaneLag(feed, 's', 0);
  await append(5);
  await lag.refresh();
  lag.readTo(end());
  assert.equal(lag.remaining, 0);
  await feed.close();
});

test('a trim tells how many of its events went', async () => {
  const { feed, append, engine } = await rig();
  const lag = new LaneLag(feed, 's', 0);
  await append(5);
  const second = await append(7);
  await lag.refresh();
  const start = await engine.trim('events', 0, second);
  assert.equal(await lag.trimTo(start), 5);
  assert.equal(lag.remaining, 7);
  await feed.close();
});
