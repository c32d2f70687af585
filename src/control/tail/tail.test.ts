import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEngine, LogEntry, LogName, LogWriter } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { silentLogger } from '../../core/logger.ts';
import { Registry } from '../../core/prometheus.ts';
import {
  type AcceptedMeta,
  type DiscardMeta,
  type OutcomeMeta,
  recordKinds,
} from '../../core/records.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { RecordingStream } from '../testing/recording-stream.ts';
import { createTail } from './create-tail.ts';
import type { Tail } from './tail.ts';

const received = Date.UTC(2026, 0, 1);

interface TailRig {
  readonly tail: Tail;
  readonly clock: ManualClock;
  readonly watched: (readonly string[])[];
  /** Logs of which a reader is open. */
  readonly open: LogName[];
  append(log: 'accepted' | 'events' | 'results', ...entries: LogEntry[]): Promise<void>;
  viewer(source?: string): Promise<RecordingStream>;
  /** Lets time pass in steps, and whoever slept do its work in between. */
  pass(ms: number): Promise<void>;
}

async function tailRig(): Promise<TailRig> {
  const clock = new ManualClock();
  const engine = await openMemoryLogEngine({ clock });
  const open: LogName[] = [];
  const watched: (readonly string[])[] = [];
  const logs = countingReaders(engine, open);
  const tail = createTail({
    logs,
    clock,
    logger: silentLogger,
    registry: new Registry(),
    watch: (sources) => watched.push(sources),
  });
  const writers = new Map<LogName, LogWriter>();
  for (const log of ['accepted', 'events', 'results'] as const) {
    writers.set(log, (await engine.openWriter(log, 0)).writer);
  }
  return {
    tail,
    clock,
    watched,
    open,
    append: async (log, ...entries) => {
      await writers.get(log)?.append(entries);
    },
    viewer: async (source = 's1') => {
      const stream = new RecordingStream();
      await tail.prepare();
      tail.add(source, stream);
      return stream;
    },
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += 50) {
        clock.advance(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** The real engine, with note taken of the readers that are open. */
function countingReaders(engine: LogEngine, open: LogName[]): LogEngine {
  return {
    ...engine,
    openReader: async (log, partition) => {
      const reader = await engine.openReader(log, partition);
      open.push(log);
      const close = reader.close.bind(reader);
      reader.close = async () => {
        open.splice(open.indexOf(log), 1);
        await close();
      };
      return reader;
    },
  };
}

function request(
  body: object | string,
  meta: Partial<AcceptedMeta> = { call: 'track' },
  source = 's1',
): LogEntry {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    kind: recordKinds.request,
    source,
    meta: JSON.stringify({ t: received, ...meta }),
    body: Buffer.from(text),
  };
}

function discard(meta: Partial<DiscardMeta>, body = ''): LogEntry {
  const whole = { id: 'd', stage: 'deliver', code: 'message_rejected', t: received, message: 'no' };
  return {
    kind: recordKinds.discard,
    source: 's1',
    meta: JSON.stringify({ ...whole, ...meta }),
    body: Buffer.from(body),
  };
}

function outcome(kind: 'delivered' | 'retrying', meta: Partial<OutcomeMeta> = {}): LogEntry {
  const whole = { t: received, destination: 'dest', messageId: 'm1', type: 'track', attempts: 1 };
  return {
    kind: recordKinds[kind],
    source: 's1',
    meta: JSON.stringify({ ...whole, ...meta }),
    body: Buffer.alloc(0),
  };
}

const track = { userId: 'u', event: 'Bought', messageId: 'm1' };

describe('the live tail', () => {
  it('shows what is accepted from then on, as it came', async () => {
    const rig = await tailRig();
    await rig.append('accepted', request({ ...track, event: 'Before' }));
    const viewer = await rig.viewer();
    await rig.append('accepted', request('{"userId":"u",\n "event":"Bought"}'));
    await viewer.until((stream) => stream.count('accepted') === 1);
    assert.deepEqual(viewer.events[0]?.data, {
      receivedAt: '2026-01-01T00:00:00.000Z',
      type: 'track',
      payload: { userId: 'u', event: 'Bought' },
    });
    await rig.tail.close();
  });

  it('shows no write key that a client put into an event', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    const keyed = { ...track, writeKey: 'key' };
    await rig.append('accepted', request(keyed), request({ batch: [keyed] }, { n: 1 }));
    await rig.append('events', discard({}, JSON.stringify(keyed)));
    await viewer.until(
      (stream) => stream.count('accepted') === 2 && stream.count('discarded') === 1,
    );
    for (const { data } of viewer.events) {
      assert.partialDeepStrictEqual(data, { payload: { ...track, writeKey: '••••' } });
    }
    await rig.tail.close();
  });

  it('shows the refused items of a batch with their reason beside the good ones', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    const batch = [
      { type: 'track', ...track },
      { type: 'track', userId: 'u' },
    ];
    await rig.append(
      'accepted',
      request({ batch }, { refused: [[1, 'event_not_defined', 'event']] }),
    );
    await viewer.until((stream) => stream.events.length === 2);
    assert.deepEqual(
      viewer.events.map(({ event, data }) => [event, data['type'], data['code'], data['field']]),
      [
        ['accepted', 'track', undefined, undefined],
        ['refused', 'track', 'event_not_defined', 'event'],
      ],
    );
    await rig.tail.close();
  });

  it('shows every item of a request that was discarded as a whole as refused', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    await rig.append('accepted', request(track, { call: 'track', discard: 'source_disabled' }));
    await rig.append('accepted', request({ batch: [] }, { discard: 'empty_batch' }));
    await viewer.until((stream) => stream.count('refused') === 1);
    await rig.pass(200);
    await viewer.until((stream) => stream.count('refused') === 2);
    assert.deepEqual(
      viewer.events.map(({ data }) => data['code']),
      ['source_disabled', 'empty_batch'],
    );
    await rig.tail.close();
  });

  it('shows what became of events: delivered, retrying, discarded', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    await rig.append(
      'results',
      outcome('delivered', { status: 200 }),
      outcome('retrying', { message: 'HTTP 503', next: received + 1_000 }),
      discard({ destination: 'dest', attempts: 3 }, '{"event":"Bought"}'),
    );
    await rig.append(
      'events',
      discard({ stage: 'process', code: 'bad_request' }),
      discard({ stage: 'ingest', code: 'id_required' }),
    );
    await viewer.until((stream) => stream.events.length === 4);
    const shown = new Map(
      viewer.events.map(({ event, data }) => [`${event} ${data['code']}`, data]),
    );
    assert.equal(shown.get('delivered undefined')?.['status'], 200);
    assert.equal(shown.get('retrying undefined')?.['nextAttemptAt'], '2026-01-01T00:00:01.000Z');
    assert.deepEqual(shown.get('discarded message_rejected')?.['payload'], { event: 'Bought' });
    assert(shown.has('discarded bad_request'));
    await rig.tail.close();
  });

  it('shows each viewer its own source only, with one reader a log for all', async () => {
    const rig = await tailRig();
    const [first, second, third] = [
      await rig.viewer('s1'),
      await rig.viewer('s1'),
      await rig.viewer('s2'),
    ];
    assert.deepEqual(rig.open.toSorted(), ['accepted', 'events', 'results']);
    await rig.append('accepted', request(track), request(track, { call: 'track' }, 's2'));
    await Promise.all(
      [first, second, third].map((viewer) =>
        viewer.until((stream) => stream.count('accepted') > 0),
      ),
    );
    assert.deepEqual([first.count('accepted'), second.count('accepted')], [1, 1]);
    assert.equal(third.count('accepted'), 1);
    await rig.tail.close();
  });
});

describe('the bounds of the live tail', () => {
  it('show at most 50 events a second and count the others', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    const single = Array.from({ length: 100 }, () => request(track));
    const items = Array.from({ length: 30 }, () => ({ type: 'track', ...track }));
    await rig.append('accepted', ...single, request({ batch: items }, { n: 30 }));
    const shown = limits.tailPerSecond - 4;
    await viewer.until((stream) => stream.count('accepted') === shown);
    await rig.pass(1_000);
    await viewer.until((stream) => stream.count('skipped') === 1);
    assert.deepEqual(viewer.events.at(-1), { event: 'skipped', data: { count: 130 - shown } });
    await rig.append('accepted', ...single);
    await viewer.until((stream) => stream.count('accepted') === 2 * shown);
    await rig.tail.close();
  });

  it('leave room for failures beside a flood of accepted events', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    await rig.append('accepted', ...Array.from({ length: 500 }, () => request(track)));
    await viewer.until((stream) => stream.count('accepted') > 40);
    await rig.append('results', discard({}));
    await viewer.until((stream) => stream.count('discarded') === 1);
    assert(viewer.events.length <= limits.tailPerSecond);
    await rig.tail.close();
  });

  it('keep the buffer of a slow viewer small, and tell it what it missed when it reads again', async () => {
    const rig = await tailRig();
    const slow = await rig.viewer();
    const quick = await rig.viewer();
    slow.blocked = true;
    const seconds = 20;
    let shown = 0;
    for (let second = 0; second < seconds; second += 1) {
      await rig.append('accepted', ...Array.from({ length: 60 }, () => request(track)));
      shown += limits.tailPerSecond - 4;
      await quick.until((stream) => stream.count('accepted') === shown);
      await rig.pass(1_000);
    }
    // One reached the socket before it said that it was full.
    assert.equal(slow.count('accepted'), 1);
    slow.drain();
    assert.equal(slow.count('accepted'), 1 + limits.tailBuffer);
    await rig.pass(1_000);
    const skipped = slow.events.find(({ event }) => event === 'skipped')?.data['count'];
    assert.equal(skipped, seconds * 60 - 1 - limits.tailBuffer);
    await rig.tail.close();
  });

  it('leave out a payload that is too large to show', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    await rig.append('accepted', request({ ...track, blob: 'x'.repeat(100_000) }));
    await viewer.until((stream) => stream.count('accepted') === 1);
    assert.equal(viewer.events[0]?.data['payload'], undefined);
    assert(Number(viewer.events[0]?.data['payloadOmitted']) > 100_000);
    await rig.tail.close();
  });
});

describe('who watches', () => {
  it('is told to the others with each change', async () => {
    const rig = await tailRig();
    const first = await rig.viewer('s1');
    const second = await rig.viewer('s2');
    const third = await rig.viewer('s2');
    third.leave();
    first.leave();
    second.leave();
    assert.deepEqual(rig.watched, [['s1'], ['s1', 's2'], ['s2'], []]);
    await rig.tail.close();
  });

  it('nobody: no reader is open and no timer waits', async () => {
    const rig = await tailRig();
    assert.deepEqual([rig.open, rig.clock.pending], [[], 0]);
    const viewer = await rig.viewer();
    assert.equal(rig.open.length, 3);
    viewer.leave();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([rig.open, rig.clock.pending], [[], 0]);
    const again = await rig.viewer();
    await rig.append('accepted', request(track));
    await again.until((stream) => stream.count('accepted') === 1);
    await rig.tail.close();
  });

  it('gets a heartbeat every 15 seconds', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    rig.clock.advance(31_000);
    const heartbeats = viewer.texts.filter((text) => text === ': heartbeat\n\n');
    assert.equal(heartbeats.length, 3);
    assert(rig.watched.length > 1, 'and a worker that was restarted hears who watches');
    await rig.tail.close();
  });

  it('is sent home when the server stops', async () => {
    const rig = await tailRig();
    const viewer = await rig.viewer();
    await rig.tail.close();
    assert(viewer.ended);
    assert.deepEqual([rig.open, rig.clock.pending], [[], 0]);
    assert.equal((await rig.viewer().catch(() => viewer)).ended, true);
  });
});
