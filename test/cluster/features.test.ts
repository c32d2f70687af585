import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { type Kafka, startKafka } from '../rig/kafka.ts';
import { readMetrics, sumOf } from '../rig/metrics.ts';
import { type Postgres, startPostgres } from '../rig/postgres.ts';
import { startReceiver } from '../rig/receiver.ts';
import type { Server } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { startNode } from './nodes.ts';

let kafka: Kafka;
let postgres: Postgres;
before(async () => {
  kafka = await startKafka();
  postgres = await startPostgres();
});
after(async () => {
  await kafka.stop();
  await postgres.remove();
});

/** One node a role: whatever is asked of one, another has done. */
async function startRoles(t: TestContext) {
  const folder = await tempFolder('roles');
  t.after(() => folder.remove());
  const env = {
    TRIBUTARY_LOG: kafka.url('partitions=3'),
    TRIBUTARY_STATE: await postgres.url(),
    TRIBUTARY_SECRET_KEY: 'the-secret-key-of-all-nodes-of-this-test',
  };
  const start = async (role: string): Promise<Server> => {
    const options = { name: role, folder: folder.path, env: { ...env, TRIBUTARY_ROLES: role } };
    const node = await startNode(options);
    t.after(() => node.kill());
    return node.server;
  };
  const control = await start('control');
  const process = await start('process');
  const deliver = await start('deliver');
  const ingest = await start('ingest');
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const destination = await addWebhook(control, [receiver.url]);
  return { control, process, deliver, ingest, receiver, destination };
}

/** Visitors of all partitions. */
function events(count: number, prefix: string) {
  return Array.from({ length: count }, (_, index) => ({
    type: 'track',
    event: 'Cluster Event',
    anonymousId: `visitor-${index % 12}`,
    messageId: `${prefix}-${index}`,
  }));
}

test('with a node for each role, events go their way, and every node says what it does not serve', async (t) => {
  const { control, process, deliver, ingest, receiver } = await startRoles(t);
  const batch = events(60, 'way');
  await eventually(
    'the write key holds at the node that takes events',
    async () => (await track(ingest, '/v1/batch', { batch })).status === 200,
  );
  await receiver.waitFor('all of them', (taken) => taken.length >= batch.length);
  assert.equal(receiver.taken.length, batch.length);
  for (const server of [control, process, deliver]) {
    const answer = await track(server, '/v1/track', { event: 'e', userId: 'u' });
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /has not all roles/);
  }
  const api = await fetch(`${ingest.url}/api/sources`);
  assert.equal(api.status, 404);
  assert.match(await api.text(), /has not all roles/);
  for (const server of [control, process, deliver, ingest]) {
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
  }
  const processed = sumOf(await readMetrics(process), 'tributary_process_events_total');
  assert.equal(processed, batch.length, 'all partitions of the node together');
  const delivered = await readMetrics(deliver);
  assert.equal(sumOf(delivered, 'tributary_deliver_delivered_total'), batch.length);
  assert.ok(delivered.some(({ name }) => name === 'tributary_deliver_lag_seconds'));
});

test('tail, discards and replay see all partitions, whichever nodes work on them', async (t) => {
  const { control, ingest, receiver, destination } = await startRoles(t);
  const from = new Date().toISOString();
  const tail = startCommand(['tail'], environmentOf(control));
  t.after(tail.interrupt);
  await eventually('it watches', () => tail.stderr().includes('watching'));
  const batch = events(36, 'seen');
  const bad = Array.from({ length: 12 }, (_, index) => ({
    type: 'track',
    anonymousId: `visitor-${index}`,
    messageId: `bad-${index}`,
  }));
  await eventually(
    'the write key holds at the node that takes events',
    async () => (await track(ingest, '/v1/batch', { batch: [...batch, ...bad] })).status === 200,
  );
  let turn = 0;
  await eventually(
    'the tail shows events and discards of every visitor',
    async () => {
      // A few at a time: it shows so many a second.
      const anonymousId = `visitor-${turn++ % 12}`;
      const good = { type: 'track', event: 'One More', anonymousId };
      await track(ingest, '/v1/batch', { batch: [good, { type: 'track', anonymousId }] });
      const lines = tail.stdout().split('\n');
      return bad.every(({ anonymousId }) =>
        ['accepted', 'refused'].every((kind) =>
          lines.some((line) => line.startsWith(kind) && line.includes(`"${anonymousId}"`)),
        ),
      );
    },
    { every: 200 },
  );
  await eventually(
    'the tail shows that the destination took them: other nodes know what is watched',
    async () => {
      await track(ingest, '/v1/track', { event: 'Watched', anonymousId: 'visitor-1' });
      return /delivered/.test(tail.stdout());
    },
    { every: 250 },
  );
  const args = ['discards', '--code', 'event_not_defined'];
  await eventually('every discard is listed', async () => {
    const { stdout } = await startCommand(args, environmentOf(control)).done;
    return bad.every(({ messageId }) => stdout.includes(messageId));
  });
  const count = () => receiver.taken.filter(({ event }) => /^seen-/.test(`${event['messageId']}`));
  await eventually('all are delivered', () => count().length >= batch.length);
  const replay = startCommand(['replay', destination, '--from', from], environmentOf(control));
  assert.equal((await replay.done).code, 0, replay.stderr());
  await eventually('all come again', () => count().length >= 2 * batch.length);
  assert.equal(count().length, 2 * batch.length);
});

test('functions of sources run on the node of process, with their secrets, whichever partition has the visitor', async (t) => {
  const { control, ingest, receiver } = await startRoles(t);
  const secret = {
    ...{ name: 'key', label: 'key', description: '', type: 'STRING' },
    ...{ required: true, sensitive: true },
  };
  const make = async (resourceType: string, code: string) => {
    const body = { resourceType, displayName: resourceType, code, settings: [secret] };
    const made = await api(control, 'POST', '/functions', body);
    await api(control, 'POST', `/functions/${valueAt(made, 'data.function.id')}/deploy`);
    return made;
  };
  const insert = await make(
    'INSERT_SOURCE',
    'const onTrack = (event, settings) => ({ ...event, properties: { key: settings.key } })',
  );
  await api(control, 'POST', '/insert-function-instances', {
    ...{ functionId: String(valueAt(insert, 'data.function.id')), name: 'In front' },
    ...{ integrationId: await firstSource(control), settings: { key: 'hush-hush-hush' } },
  });
  const webhook = await make(
    'SOURCE',
    `async function onRequest(request, settings) {
      for (const id of request.json()) Segment.track({ event: settings.key, anonymousId: id });
    }`,
  );
  const hooks = await api(control, 'POST', '/sources', {
    ...{ slug: 'hooks', metadataId: String(valueAt(webhook, 'data.function.catalogId')) },
    settings: { key: 'hush-hush-hush' },
  });
  await addWebhook(control, [receiver.url], {}, String(valueAt(hooks, 'data.source.id')));
  const key = String(valueAt(hooks, 'data.source.writeKeys.0'));
  const visitors = Array.from({ length: 12 }, (_, index) => `hooked-${index}`);
  await eventually('the address is there', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(visitors),
    };
    return (await fetch(`${ingest.url}/fn/${key}`, init)).status === 200;
  });
  const batch = events(60, 'inserted');
  await eventually(
    'the write key holds at the node that takes events',
    async () => (await track(ingest, '/v1/batch', { batch })).status === 200,
  );
  const count = (holds: (event: JsonObject) => boolean) =>
    receiver.taken.filter(({ event }) => holds(event)).length;
  await eventually(
    'all have been through their functions',
    () =>
      count((event) => valueAt(event, 'properties.key') === 'hush-hush-hush') === batch.length &&
      count((event) => event['event'] === 'hush-hush-hush') === visitors.length,
    { within: 60_000 },
  );
});

test('what a destination refused is sent again by a node that takes no events, each once, in every partition', async (t) => {
  const { control, ingest, receiver, destination } = await startRoles(t);
  receiver.answer = () => 400;
  const batch = events(36, 'again');
  await eventually(
    'the write key holds at the node that takes events',
    async () => (await track(ingest, '/v1/batch', { batch })).status === 200,
  );
  const listed = () => api(control, 'GET', `/discards?destinationId=${destination}`);
  const discards = await eventually(
    'every event is a discard',
    async () => {
      const found = valueAt(await listed(), 'data.discards');
      return Array.isArray(found) && found.length === batch.length && found;
    },
    { every: 250 },
  );
  assert.equal(new Set(discards.map(({ id }) => id)).size, batch.length, 'an id is of one alone');
  receiver.answer = () => 200;
  const args = ['discards', 'resend', '--destination', destination];
  const env = environmentOf(control);
  const ends = await Promise.all([1, 2].map(() => startCommand(args, env).done));
  for (const { code, stdout, stderr } of ends) {
    assert.equal(code, 0, stderr);
    const { resent, alreadyResent, refused } = JSON.parse(stdout);
    assert.deepEqual([resent + alreadyResent, refused], [batch.length, 0]);
  }
  await receiver.waitFor('all of them', (taken) => taken.length >= batch.length);
  await track(ingest, '/v1/batch', { batch: events(12, 'last') });
  const taken = await receiver.waitFor('what came later', (all) => all.length >= batch.length + 12);
  const ids = taken.map(({ event }) => event['messageId']);
  assert.equal(ids.length, new Set(ids).size);
});
