/** Process with sources that have functions: real code in a real process, on memory logs. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { Emission } from '../../core/entrance.ts';
import type { LogWriter } from '../../core/event-log.ts';
import type { InsertFunction } from '../../core/functions.ts';
import { silentLogger } from '../../core/logger.ts';
import { Registry } from '../../core/prometheus.ts';
import { type EventMeta, recordKinds } from '../../core/records.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SourceConfig } from '../../core/snapshot.ts';
import { noSuppressions } from '../../core/suppressions.ts';
import { eventually } from '../../core/testing/eventually.ts';
import { createFunctions } from '../../functions/create-functions.ts';
import {
  discardsOf,
  eventsOf,
  idsOf,
  type Rig,
  readAll,
  startRig,
} from '../../process/testing/process-rig.ts';
import { createMemoryKeySet } from '../../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { openStage, type Stage } from './open-stage.ts';

const box = createSecretBox('the secret key of the tests, long enough');

function insert(code: string, id = 'v1'): InsertFunction {
  const version = { id, kind: 'insert', code } as const;
  const settings = { mark: box.seal('"sealed"', 'instance') };
  return { id: 'instance', version, secrets: ['mark'], settings };
}

function source(id: string, more: Partial<SourceConfig> = {}): SourceConfig {
  return { id, slug: id, name: id, enabled: true, writeKeys: [], limits: {}, ...more };
}

async function stand(t: TestContext, sources: readonly SourceConfig[]) {
  const engine = await openMemoryLogEngine({ clock: systemClock });
  const store = await freshStores().openWork();
  const http = { request: async () => ({ status: 200, headers: {}, body: '' }) };
  const functions = createFunctions({ http, clock: systemClock, logger: silentLogger });
  const emissions: Emission[] = [];
  const registry = new Registry();
  let isTold = false;
  let current: Snapshot = {
    version: 1,
    workspace: { id: 'ws', slug: 'ws', name: 'ws' },
    sources,
    connections: [],
    replays: [],
  };
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const snapshot = {
    get current() {
      return current;
    },
    subscribe: (listener: (next: Snapshot) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const lease = await store.leases.take('process/0');
  let stage: Stage | undefined;
  const openOn = async (events: LogWriter): Promise<Stage> => {
    const silent = { publish: () => undefined, subscribe: () => () => undefined };
    stage = await openStage({
      context: { bus: silent, clock: systemClock, logger: silentLogger },
      ...{ engine, store, snapshot, http, functions, events, lease, partition: 0 },
      suppressions: noSuppressions,
      registry,
      secrets: () => box,
      random: () => 0.5,
      onReturning: () => {
        isTold = true;
      },
      emit: async (emission) => {
        emissions.push(emission);
        return { kind: 'taken' };
      },
    });
    return stage;
  };
  let running: Rig | undefined;
  t.after(async () => {
    await running?.process.stop();
    await stage?.stop();
    await functions.stop();
    await store.close();
  });
  const start = async (): Promise<Rig> => {
    const openKeys = async () => createMemoryKeySet();
    const rig = await startRig({ engine, openKeys, sources, staging: openOn });
    running = rig;
    return rig;
  };
  const configure = (next: readonly SourceConfig[]): void => {
    current = { ...current, version: current.version + 1, sources: next };
    for (const listener of listeners) listener(current);
  };
  return { engine, store, start, configure, emissions, registry, isTold: () => isTold };
}

const track = (messageId: string, more: object = {}) => ({
  batch: [{ type: 'track', event: 'E', userId: 'u', messageId, ...more }],
});

test('events of a source go through its insert function before anything downstream has them', async (t) => {
  const code = `function onTrack(event, settings) {
    if (event.event === 'secret') throw new DropEvent('no');
    return { ...event, userId: event.userId + '!', properties: { mark: settings.mark }, messageId: 'x' };
  }`;
  const { engine, start, registry, isTold } = await stand(t, [
    source('src_1', { insert: insert(code) }),
  ]);
  const rig = await start();
  await rig.send(track('1', { integrations: { All: false } }));
  await rig.send(track('2', { event: 'secret' }));
  await rig.send({ batch: [{ type: 'page', userId: 'u', messageId: '3' }] });
  await rig.send(track('other'), {}, 'src_2');
  await eventually('four are in the log', async () => (await readAll(engine)).length === 4);
  const events = await eventsOf(engine);
  assert.deepEqual(events.map(({ messageId }) => messageId).toSorted(), ['1', 'other']);
  const one = events.find(({ messageId }) => messageId === '1');
  assert.deepEqual([one?.['userId'], one?.['properties']], ['u!', { mark: 'sealed' }]);
  const metas = (await readAll(engine)).map(({ meta }): EventMeta => JSON.parse(meta));
  assert.equal(metas.find(({ id }) => id === '1')?.u, 'u!');
  const discards = await discardsOf(engine);
  assert.deepEqual(
    discards
      .map(({ messageId, code: why, stage, destination }) => [messageId, why, stage, destination])
      .toSorted(),
    [
      ['2', 'filtered_at_insert_function', 'process', undefined],
      ['3', 'unsupported_event_type', 'process', undefined],
    ],
  );
  assert.equal(isTold(), true);
  const metric = await registry.getSingleMetric('tributary_discards_total')?.get();
  assert.deepEqual(
    metric?.values
      .map(({ labels }) => [labels['stage'], labels['code'], labels['source']])
      .toSorted(),
    [
      ['process', 'filtered_at_insert_function', 'src_1'],
      ['process', 'unsupported_event_type', 'src_1'],
    ],
  );
});

test('a function that hangs holds up its own source alone, and what waits goes on with other code', async (t) => {
  const hangs = insert('const onTrack = () => new Promise(() => {})');
  const { engine, start, configure } = await stand(t, [source('src_1', { insert: hangs })]);
  const rig = await start();
  await rig.send(track('slow'));
  for (let n = 0; n < 20; n += 1) await rig.send(track(`m${n}`, { userId: `u${n}` }), {}, 'src_2');
  await rig.caughtUp();
  await eventually('20 are in the log', async () => (await idsOf(engine)).length === 20);
  configure([source('src_1', { insert: insert('const onTrack = (event) => event', 'v2') })]);
  await eventually('the slow one is too', async () => (await idsOf(engine)).includes('slow'));
  assert.equal(await rig.caughtUp().then(() => true), true);
});

test('what waited when its function was taken away goes on as it is, in order', async (t) => {
  const hangs = insert('const onTrack = () => new Promise(() => {})');
  const { engine, start, configure } = await stand(t, [source('src_1', { insert: hangs })]);
  const rig = await start();
  await rig.send(track('1'));
  await rig.caughtUp();
  configure([source('src_1')]);
  await rig.send(track('2'));
  await eventually('both are in the log', async () => (await idsOf(engine)).length === 2);
  assert.deepEqual(await idsOf(engine), ['1', '2']);
});

test('what another source has blocked and forwarded is not blocked again behind the function', async (t) => {
  const code = 'const onTrack = (event) => event';
  const plan = { track: { E: { enabled: false } } };
  const { engine, start } = await stand(t, [
    source('src_1', { insert: insert(code), clientSettings: { plan } }),
  ]);
  const rig = await start();
  await rig.send(track('1'));
  await rig.send(
    { type: 'track', event: 'E', userId: 'u', messageId: '2' },
    { call: 'track', again: { t: 7, forwarded: true } },
  );
  await eventually('both are in the log', async () => (await readAll(engine)).length === 2);
  assert.deepEqual(await idsOf(engine), ['2']);
  assert.deepEqual(
    (await discardsOf(engine)).map(({ messageId }) => messageId),
    ['1'],
  );
});

test('what an earlier run has returned and not written down is not returned again', async (t) => {
  const code = 'const onTrack = (event) => event';
  const { engine, store, start } = await stand(t, [source('src_1', { insert: insert(code) })]);
  // As a crash leaves it: both are staged, the first has come back, and the cursor says nothing of it.
  const { writer: staged } = await engine.openWriter('staged', 0);
  const { writer: events } = await engine.openWriter('events', 0);
  const entry = (id: string, n: number, more: object = {}) => ({
    ...{ kind: recordKinds.event, source: 'src_1' },
    meta: JSON.stringify({ i: 1, n, t: 0, type: 'track', id, u: 'u', ...more }),
    body: Buffer.from(JSON.stringify({ type: 'track', messageId: id, context: {} })),
  });
  await staged.append([entry('1', 0), entry('2', 1)], { mark: 9 });
  await events.append([entry('1', 0, { staged: true })]);
  await Promise.all([staged.close(), events.close()]);
  await store.db
    .insertInto('cursor')
    .values({
      ...{ lane: 'insert.src_1/events', partition: -1, position: 0 },
      ...{ stamp_input: 0, stamp_item: -1, open_ms: 0, updated_at: systemClock.now() },
    })
    .execute();
  await start();
  await eventually('the second is in the log', async () => (await idsOf(engine)).includes('2'));
  assert.deepEqual(await idsOf(engine), ['1', '2']);
});

test('a request to a source function is run behind process, and what it sends is handed to ingest', async (t) => {
  const code = `async function onRequest(request, settings) {
    Segment.track({ event: request.json().name, userId: settings.mark });
    Segment.identify({ userId: 'u', messageId: 'own' });
  }`;
  const version = { id: 'f1', kind: 'source', code } as const;
  const settings = { mark: box.seal('"sealed"', 'src_1') };
  const { engine, start, emissions } = await stand(t, [
    source('src_1', { function: { version, secrets: ['mark'], settings } }),
  ]);
  const rig = await start();
  const send = (body: string) =>
    rig.accepted.append([
      {
        ...{ kind: recordKinds.webhook, source: 'src_1', meta: JSON.stringify({ t: 7 }) },
        body: Buffer.from(
          JSON.stringify({
            ...{ type: 'track', messageId: 'cause', receivedAt: '2026-11-21T00:00:00.000Z' },
            request: { url: 'http://here/fn/key', headers: {}, body },
          }),
        ),
      },
    ]);
  await send('{"name":"Hooked"}');
  await eventually('one is told', () => emissions.length === 1);
  const [{ source: to, items } = assert.fail()] = emissions;
  assert.equal(to, 'src_1');
  assert.deepEqual(
    items.map(({ messageId, ...item }) => item),
    [
      { event: 'Hooked', userId: 'sealed', type: 'track' },
      { userId: 'u', type: 'identify' },
    ],
  );
  assert.match(String(items[0]?.['messageId']), /^fn-[0-9a-f]{32}$/);
  assert.equal(items[1]?.['messageId'], 'own');
  await send('no JSON');
  await eventually('one is a discard', async () => (await discardsOf(engine)).length === 1);
  const [{ code: why, stage, body } = assert.fail()] = await discardsOf(engine);
  assert.deepEqual([why, stage], ['function_rejected', 'process']);
  assert.equal(JSON.parse(body).request.body, 'no JSON');
});

test('the transformations of a source work on what its insert function returned, and only then', async (t) => {
  const transformations = [
    { id: 't1', if: "event = 'E'", work: { drop: true } },
    { id: 't2', if: "event = 'Renamed'", work: { newEventName: 'Twice renamed' } },
    { id: 't3', if: "event = 'Gone'", work: { drop: true } },
  ];
  const code = `async function onTrack(event) {
    event.event = event.properties.to;
    return event;
  }`;
  const { engine, start } = await stand(t, [
    source('src_1', { insert: insert(code), transformations }),
  ]);
  const rig = await start();
  await rig.send(track('m1', { properties: { to: 'Renamed' } }));
  await rig.send(track('m2', { properties: { to: 'Gone' } }));
  await eventually('one is an event', async () => (await eventsOf(engine)).length === 1);
  await eventually('one is a discard', async () => (await discardsOf(engine)).length === 1);
  const [event] = await eventsOf(engine);
  assert.equal(event?.['event'], 'Twice renamed');
  const [discard] = await discardsOf(engine);
  assert.equal(discard?.code, 'dropped_by_transformation');
});
