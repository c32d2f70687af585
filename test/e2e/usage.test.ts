/** docs/guides/metrics.md: what the API counts, on a real server, through crashes, on both state stores. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { type Postgres, startPostgres } from '../rig/postgres.ts';
import { random, seedFrom } from '../rig/random.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { missing } from '../state/state-rig.ts';

interface Place {
  readonly source: string;
  readonly destination: string;
}

async function start(t: TestContext, env: Readonly<Record<string, string>>) {
  const folder = await tempFolder('usage');
  const receiver = await startReceiver();
  const stand = { server: await startServer({ folder: folder.path, env }) };
  t.after(async () => {
    await stand.server.kill();
    await receiver.close();
    await folder.remove();
  });
  const restart = async () => {
    await stand.server.kill();
    stand.server = await startServer({ folder: folder.path, env, port: stand.server.port });
  };
  const destination = await addWebhook(stand.server, [receiver.url]);
  const place = { source: await firstSource(stand.server), destination };
  return { stand, receiver, restart, place };
}

function lastHour(): string {
  const now = Date.now();
  const [from, to] = [now - 3_600_000, now + 60_000].map((time) => new Date(time).toISOString());
  return `granularity=MINUTE&startTime=${from}&endTime=${to}`;
}

async function total(server: Server, path: string): Promise<unknown> {
  const answer = await api(server, 'GET', path);
  return valueAt(answer, 'data.total') ?? valueAt(answer, 'data.result.0.total');
}

function overview(part: string, { source, destination }: Place, more = ''): string {
  return `/delivery-overview/${part}?sourceId=${source}&destinationConfigId=${destination}&${lastHour()}${more}`;
}

async function countsWhatHappens(t: TestContext, env: Readonly<Record<string, string>>) {
  const { stand, receiver, place } = await start(t, env);
  const { server } = stand;
  let failures = 2;
  receiver.answer = ({ event }) => {
    if (event['event'] === 'refused') return 400;
    return event['event'] === 'late' && failures-- > 0 ? 503 : 200;
  };
  const made = (event: string, n: number) => ({
    type: 'track',
    userId: `user ${n % 3}`,
    anonymousId: `somebody ${n}`,
    event,
    messageId: `${event} ${n}`,
  });
  const batch = Array.from({ length: 20 }, (_, n) => made('Bought', n));
  const ids = { userId: 'user 0' };
  for (const body of [
    { batch },
    { batch: batch.slice(0, 5) },
    { batch: [made('late', 20), made('refused', 21), { type: 'track', ...ids }] },
    { batch: [{ type: 'page', anonymousId: 'never known', messageId: 'p' }] },
  ]) {
    assert.equal((await track(server, '/v1/batch', body)).status, 200);
  }
  const month = `${new Date().toISOString().slice(0, 7)}-01`;
  await eventually(
    'everything is counted',
    async () => {
      assert.equal(await total(server, `/events/volume?${lastHour()}`), 23);
      const named = `/events/volume?${lastHour()}&eventName=Bought`;
      assert.equal(await total(server, named), 20);
      const expected = {
        'successfully-received': 23,
        'failed-on-ingest': 1,
        'filtered-at-source': 5,
        'failed-delivery': 1,
        'successful-delivery': 22,
        'filtered-at-destination': 0,
      };
      for (const [part, count] of Object.entries(expected)) {
        assert.equal(await total(server, overview(part, place)), count, part);
      }
      const reason = overview('filtered-at-source', place, '&filter[discardReason][0]=duplicate');
      assert.equal(await total(server, reason), 5);
      const late = await api(
        server,
        'GET',
        overview('successful-delivery', place, '&filter[eventName][0]=late'),
      );
      assert.equal(valueAt(late, 'data.dataset.0.totalRetryCount'), 2);
      const users = await api(server, 'GET', `/usage/mtu/daily?period=${month}`);
      const today = valueAt(users, 'data.dailyWorkspaceMTUUsage');
      assert(Array.isArray(today));
      assert.deepEqual(
        ['identified', 'anonymous', 'neverIdentified'].map((key) => valueAt(today.at(-1), key)),
        ['3', '23', '1'],
      );
      const calls = await api(server, 'GET', `/usage/api-calls/sources/daily?period=${month}`);
      const rows = valueAt(calls, 'data.dailyPerSourceAPICallsUsage');
      assert(Array.isArray(rows));
      assert.equal(valueAt(rows.at(-1), 'apiCalls'), '23');
      const path = `/destinations/${place.destination}/delivery-metrics?sourceId=${place.source}`;
      const summary = await api(server, 'GET', path);
      assert.equal(valueAt(summary, 'data.deliveryMetricsSummary.metrics.0.total'), 22);
      return true;
    },
    { within: 60_000, every: 500 },
  );
}

/** Killed again and again in the middle of it, whole process groups at once. */
async function countsThroughCrashes(t: TestContext, env: Readonly<Record<string, string>>) {
  const seed = seedFrom('USAGE_SEED');
  t.diagnostic(`USAGE_SEED=${seed}`);
  const draw = random(seed);
  const { stand, restart, receiver, place } = await start(t, env);
  const distinct = new Set<string>();
  const send = async (round: number, n: number) => {
    const ids = Array.from({ length: 25 }, (_, item) => `${round}-${n}-${item}`);
    for (const id of ids) distinct.add(id);
    const batch = ids.map((id) => ({ type: 'track', userId: id, event: 'E', messageId: id }));
    await eventually(
      'the batch is taken',
      async () => (await track(stand.server, '/v1/batch', { batch })).status === 200,
      { within: 60_000 },
    );
  };
  for (let round = 0; round < 4; round++) {
    const batches = Array.from({ length: 40 }, (_, n) => n);
    const sending = Promise.all(batches.map((n) => send(round, n)));
    const enough = round * 1_000 + draw.between(0, 900);
    await eventually('some are delivered', () => receiver.taken.length > enough, {
      within: 60_000,
    });
    await restart();
    await sending;
  }
  await eventually(
    'every event is counted once',
    async () => {
      assert.equal(await total(stand.server, `/events/volume?${lastHour()}`), distinct.size);
      const taken = await total(stand.server, overview('successful-delivery', place));
      assert.equal(taken, distinct.size);
      return true;
    },
    { within: 60_000, every: 500 },
  );
}

/** The same behind the insert function of the source: it counts when the function is through with it. */
async function countsBehindFunction(t: TestContext) {
  const { stand, restart, receiver, place } = await start(t, {});
  const code = `async function onTrack(event) {
    if (event.event === 'secret') throw new DropEvent('no');
    await new Promise((resolve) => setTimeout(resolve, 2));
    return { ...event, event: 'Renamed' };
  }`;
  const of = { resourceType: 'INSERT_SOURCE', code, displayName: 'In front' };
  const made = await api(stand.server, 'POST', '/functions', of);
  const functionId = String(valueAt(made, 'data.function.id'));
  await api(stand.server, 'POST', `/functions/${functionId}/deploy`);
  await api(stand.server, 'POST', '/insert-function-instances', {
    ...{ functionId, integrationId: place.source, name: 'In front', enabled: true },
    settings: {},
  });
  const send = async (event: string, messageId: string, userId = messageId) => {
    const body = { type: 'track', event, userId, messageId };
    assert.equal((await track(stand.server, '/v1/track', body)).status, 200);
  };
  let probes = 0;
  await eventually(
    'the function is in front',
    async () => {
      await send('E', `probe ${probes++}`);
      return receiver.taken.some(({ event }) => event['event'] === 'Renamed');
    },
    { within: 60_000 },
  );
  for (let round = 0; round < 3; round++) {
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => send('E', `${round}-${n}`, `u${n % 7}`)),
    );
    await restart();
  }
  await send('secret', 'dropped');
  await eventually(
    'every event is counted once',
    async () => {
      const volume = `/events/volume?${lastHour()}`;
      assert.equal(await total(stand.server, volume), 300 + probes);
      assert.equal(await total(stand.server, `${volume}&eventName=secret`), 0);
      assert.equal(await total(stand.server, overview('filtered-at-source', place)), 1);
      const received = await total(stand.server, overview('successfully-received', place));
      assert.equal(received, 301 + probes);
      return true;
    },
    { within: 60_000, every: 500 },
  );
}

test(
  'kill -9 behind an insert function: every event counts once, and what it drops is filtered at the source',
  countsBehindFunction,
);

for (const [store, withStore] of [
  ['SQLite', (use: (env: Record<string, string>) => Promise<void>) => use({})],
  ['PostgreSQL', onPostgres],
] as const) {
  const skip = store === 'PostgreSQL' && missing;
  test(`events, deliveries, users and calls are counted within 30 s (${store})`, { skip }, (t) =>
    withStore((env) => countsWhatHappens(t, env)),
  );
  test(`kill -9 in the middle of it: every event counts once (${store})`, { skip }, (t) =>
    withStore((env) => countsThroughCrashes(t, env)),
  );
}

async function onPostgres(use: (env: Record<string, string>) => Promise<void>): Promise<void> {
  const postgres: Postgres = await startPostgres();
  try {
    await use({ TRIBUTARY_STATE: await postgres.url() });
  } finally {
    await postgres.remove();
  }
}
