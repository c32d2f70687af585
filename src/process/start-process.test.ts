import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { TributaryError } from '../core/errors.ts';
import type { LogEngine, LogWriter } from '../core/event-log.ts';
import type { KeySet } from '../core/key-set.ts';
import { limits } from '../core/limits.ts';
import { type EventMeta, recordKinds } from '../core/records.ts';
import { createMemoryKeySet } from '../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import {
  discardsOf,
  eventsOf,
  idsOf,
  type Rig,
  readAll,
  received,
  StillClock,
  startRig,
} from './testing/process-rig.ts';

interface Stand {
  readonly engine: LogEngine;
  readonly rig: Rig;
  readonly clock: StillClock;
}

async function stand(t: TestContext, failing: () => boolean = () => false): Promise<Stand> {
  const clock = new StillClock();
  const engine = await openMemoryLogEngine({ clock, failing });
  const openKeys = async () => createMemoryKeySet();
  const rig = await startRig({ engine, openKeys, clock });
  t.after(() => rig.stop());
  return { engine, rig, clock };
}

test('a request becomes its events, stamped with input and item, and the commit carries the position', async (t) => {
  const { engine, rig } = await stand(t);
  const offset = await rig.send({
    batch: [
      { type: 'identify', userId: 'u', messageId: 'm1' },
      { type: 'alias', userId: 'u', previousId: 'a', messageId: 'm2', anonymousId: null },
    ],
  });
  await rig.caughtUp();
  const records = await readAll(engine);
  assert.deepEqual(
    records.map(({ kind, source, meta }) => [kind, source, JSON.parse(meta) as EventMeta]),
    [
      [
        recordKinds.event,
        'src_1',
        { i: offset, n: 0, t: received, type: 'identify', id: 'm1', u: 'u', k: ['', '', 1] },
      ],
      [
        recordKinds.event,
        'src_1',
        { i: offset, n: 1, t: received, type: 'alias', id: 'm2', u: 'u', p: 'a', k: ['', '', 1] },
      ],
    ],
  );
  assert.equal(rig.output.mark, rig.accepted.end);
  assert.equal(rig.process.state()['state'], 'running');
});

test('a request of which nothing comes out moves the position all the same', async (t) => {
  const { engine, rig } = await stand(t);
  await rig.send({ userId: 'u', event: 'E', messageId: 'm' });
  await rig.caughtUp();
  const before = rig.output.mark;
  await rig.send({ userId: 'u', event: 'E', messageId: 'm' });
  await rig.caughtUp();
  assert.ok(rig.output.mark > before);
  assert.deepEqual(await idsOf(engine), ['m']);
});

test('a messageId counts once per source, in one request and across requests', async (t) => {
  const { engine, rig } = await stand(t);
  const twice = { type: 'track', event: 'E', userId: 'u', messageId: 'ä-1' };
  await rig.send({ batch: [twice, twice, { ...twice, messageId: 'ä-2' }] });
  await rig.send({ batch: [twice] });
  await rig.send({ batch: [twice] }, {}, 'src_2');
  await rig.caughtUp();
  assert.deepEqual(await idsOf(engine), ['ä-1', 'ä-2', 'ä-1']);
  const metrics = await rig.registry.metrics();
  assert.match(metrics, /tributary_process_duplicates_total\{source="src_1"\} 2/);
  assert.match(metrics, /tributary_process_events_total\{source="src_1"\} 2/);
  assert.match(
    metrics,
    /tributary_discards_total\{stage="process",code="duplicate",source="src_1"\} 2/,
  );
});

test('refused items become discards with their payload, the good ones events, in one commit', async (t) => {
  const { engine, rig } = await stand(t);
  const bad = { type: 'track', userId: 'u', messageId: 'bad' };
  const good = { type: 'track', event: 'E', userId: 'u', messageId: 'good' };
  const offset = await rig.send(
    { batch: [bad, good] },
    { refused: [[0, 'event_not_defined', 'event']] },
  );
  await rig.caughtUp();
  assert.deepEqual(await idsOf(engine), ['good']);
  assert.deepEqual(await discardsOf(engine), [
    {
      id: `0-${offset.toString(36)}-0-event_not_defined`,
      stage: 'ingest',
      code: 'event_not_defined',
      t: received,
      message: 'A track call lacks `event`.',
      field: 'event',
      messageId: 'bad',
      type: 'track',
      body: JSON.stringify(bad),
    },
  ]);
  const metrics = await rig.registry.metrics();
  assert.match(metrics, /code="multi_user_error",source="src_1"\} 1/);
});

test('a request that is a discard as a whole gives one discard an item, or one without payload', async (t) => {
  const { engine, rig } = await stand(t);
  await rig.send({ batch: [{ messageId: 'a' }, 7] }, { discard: 'source_disabled' });
  await rig.send({ batch: [] }, { discard: 'empty_batch' });
  await rig.send({ batch: 'no' }, { discard: 'bad_request' });
  await rig.caughtUp();
  const discards = await discardsOf(engine);
  assert.deepEqual(
    discards.map(({ code, body }) => [code, body]),
    [
      ['source_disabled', '{"messageId":"a"}'],
      ['source_disabled', '7'],
      ['empty_batch', ''],
      ['bad_request', '{"batch":"no"}'],
    ],
  );
  assert.equal(new Set(discards.map(({ id }) => id)).size, 4);
});

test('over the quota, discards of a source are counted in one record that says so, until the next minute', async (t) => {
  const { engine, rig, clock } = await stand(t);
  const item = { type: 'track', text: 'x'.repeat(10_000) };
  const count = 40;
  const batch = Array.from({ length: count }, () => item);
  const refused = batch.map((_, n) => [n, 'no_user_anon_id'] as const);
  await rig.send({ batch }, { refused });
  await rig.caughtUp();
  const discards = await discardsOf(engine);
  const whole = discards.filter(({ body }) => body !== '');
  const omitted = discards.filter(({ body }) => body === '');
  assert.ok(whole.length * 10_000 < limits.discardPayloadBytesPerMinute);
  assert.equal(omitted.length, 1);
  assert.equal(omitted[0]?.count, count - whole.length);
  assert.match(omitted[0]?.message ?? '', /without payload: the source is over its quota/);

  clock.advance(60_000);
  await rig.send({ batch: [item] }, { refused: [[0, 'no_user_anon_id']] });
  await rig.caughtUp();
  assert.equal((await discardsOf(engine)).at(-1)?.body, JSON.stringify(item));
});

test('a body that no longer parses is a discard with its bytes', async (t) => {
  const { engine, rig } = await stand(t);
  await rig.send('{"batch":[');
  await rig.send({ batch: [{ type: 'track', event: 'E', userId: 'u', messageId: 'after' }] });
  await rig.caughtUp();
  assert.deepEqual(
    (await discardsOf(engine)).map(({ code, body }) => [code, body]),
    [['bad_request', '{"batch":[']],
  );
  assert.deepEqual(await idsOf(engine), ['after']);
});

test('an envelope that would make events too large, or too many bytes, costs items and not memory', async (t) => {
  const { engine, rig } = await stand(t);
  const item = (n: number) => ({ type: 'track', event: 'E', userId: 'u', messageId: `m${n}` });
  const context = { padding: 'x'.repeat(31_000) };
  const many = Math.ceil(limits.requestEventsBytes / 31_000) + 50;
  await rig.send({ batch: Array.from({ length: many }, (_, n) => item(n)), context });
  await rig.send({ batch: [item(-1)], context: { padding: 'x'.repeat(40_000) } });
  await rig.caughtUp();
  const events = await eventsOf(engine);
  const discards = await discardsOf(engine);
  assert.ok(events.length > 1_000 && events.length < many);
  const refused = discards.reduce((sum, { count = 1 }) => sum + count, 0);
  assert.equal(events.length + refused, many + 1);
  assert.ok(discards.every(({ code }) => code === 'event_too_large'));
  assert.ok(
    discards.some(({ body }) => body === JSON.stringify(item(-1))),
    'the discard holds what the client sent',
  );
});

test('a commit that fails is tried again and loses nothing', async (t) => {
  let failures = 0;
  const { engine, rig } = await stand(t, () => failures-- > 0);
  await rig.send({ userId: 'u', event: 'E', messageId: 'first' });
  await rig.caughtUp();
  const sent = rig.send({ userId: 'u', event: 'E', messageId: 'second' });
  failures = 3;
  await sent;
  await rig.caughtUp();
  assert.deepEqual(await idsOf(engine), ['first', 'second']);
  assert.ok(rig.warnings.some(({ message }) => message.includes('trying again')));
});

test('stopped while events takes nothing, keys of the batch that was not committed reach no file', async (t) => {
  const clock = new StillClock();
  const engine = await openMemoryLogEngine({ clock });
  let full = false;
  const failing: LogEngine = {
    ...engine,
    openWriter: async (log, partition, options) => {
      const opened = await engine.openWriter(log, partition, options);
      if (log !== 'events') return opened;
      const { writer } = opened;
      const append: typeof writer.append = (entries, more) =>
        full
          ? Promise.reject(new TributaryError('log_unavailable', 'full'))
          : writer.append(entries, more);
      const events: LogWriter = {
        append,
        get end() {
          return writer.end;
        },
        get mark() {
          return writer.mark;
        },
        close: () => writer.close(),
      };
      return { ...opened, writer: events };
    },
  };
  const memory = createMemoryKeySet();
  let uncommitted = false;
  const covered: boolean[] = [];
  const keys: KeySet = {
    ...memory,
    add: (...key) => {
      uncommitted = full;
      return memory.add(...key);
    },
    cover: async () => void covered.push(uncommitted),
  };
  const rig = await startRig({ engine: failing, openKeys: async () => keys, clock });
  t.after(() => rig.stop());
  await rig.send({ userId: 'u', event: 'E', messageId: 'committed' });
  await rig.caughtUp();
  full = true;
  await rig.send({ userId: 'u', event: 'E', messageId: 'not committed' });
  while (rig.warnings.length === 0) await clock.sleep();
  await rig.process.stop();
  assert.ok(!covered.includes(true));
});

test('accepted is needed from where seen does not hold the ids, whatever the key files hold', async (t) => {
  const { rig, clock } = await stand(t);
  const first = await rig.send({ userId: 'u', event: 'E', messageId: 'one' });
  await rig.caughtUp();
  assert.ok(rig.process.needs().accepted <= first);
  clock.advance(limits.seenRecordMs);
  // It gives no key, as a flood of repeats and refusals would.
  await rig.send({ userId: 'u', event: 'E', messageId: 'one' });
  await rig.caughtUp();
  while (rig.process.needs().accepted <= first) await clock.sleep();
  assert.equal(rig.process.needs().accepted, rig.output.mark);
});

test('stopping finishes the batch at hand, and a new start goes on behind it', async () => {
  const clock = new StillClock();
  const engine = await openMemoryLogEngine({ clock });
  const openKeys = async () => createMemoryKeySet();
  const first = await startRig({ engine, openKeys, clock });
  for (let n = 0; n < 50; n++) await first.send({ userId: 'u', event: 'E', messageId: `m${n}` });
  await first.stop();
  const reached = (await idsOf(engine)).length;
  const second = await startRig({ engine, openKeys, clock });
  await second.caughtUp();
  await second.stop();
  assert.ok(reached <= 50);
  assert.deepEqual(
    await idsOf(engine),
    Array.from({ length: 50 }, (_, n) => `m${n}`),
  );
});
