import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withEventsReader } from '../../bench/events-reader.ts';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

const within = { within: 60_000, every: 100 };

const secret = (name: string): JsonObject => ({
  ...{ name, label: name, description: '', type: 'STRING', required: true, sensitive: true },
});

/** A server that may be killed and started again on what it has left. */
async function stand(t: TestContext) {
  const folder = await tempFolder('functions');
  const receiver = await startReceiver();
  let server = await startServer({ folder: folder.path });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  return {
    receiver,
    data: join(folder.path, 'data'),
    get server() {
      return server;
    },
    restart: async (): Promise<Server> => {
      await server.kill();
      server = await startServer({ folder: folder.path });
      return server;
    },
  };
}

async function makeFunction(server: Server, body: JsonObject) {
  const made = await api(server, 'POST', '/functions', { displayName: 'F', ...body });
  const id = String(valueAt(made, 'data.function.id'));
  await api(server, 'POST', `/functions/${id}/deploy`);
  return { id, catalogId: String(valueAt(made, 'data.function.catalogId')) };
}

test('a destination function gets the events of its source by the code that is deployed, with its secret', async (t) => {
  const { server, receiver } = await stand(t);
  const code = (mark: string): string => `async function onTrack(event, settings) {
    const answer = await fetch('${receiver.url}', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ mark: '${mark}', key: settings.key, event: event.event }),
    });
    if (answer.status >= 500) throw new RetryError('status ' + answer.status);
  }
  function onIdentify() { throw new InvalidEventPayload('never'); }`;
  const body = { resourceType: 'DESTINATION', code: code('first'), settings: [secret('key')] };
  const { id, catalogId } = await makeFunction(server, body);
  const connected = await api(server, 'POST', '/destinations', {
    ...{ sourceId: await firstSource(server), metadataId: catalogId, enabled: true },
    settings: { key: 'hush-hush-hush' },
  });
  assert.equal(valueAt(connected, 'data.destination.settings.key'), '••••••••••••hush');
  const marks = () => receiver.taken.map(({ event }) => event['mark']);
  const send = async (event: string): Promise<unknown> => {
    const count = receiver.taken.length;
    await track(server, '/v1/track', { type: 'track', event, userId: 'u' });
    await receiver.waitFor('the event', (taken) => taken.length > count);
    return marks().at(-1);
  };
  let refusals = 1;
  receiver.answer = () => (refusals-- > 0 ? 503 : 200);
  await eventually('the first version runs', async () => (await send('E')) === 'first', within);
  assert.equal(receiver.taken[0]?.event['key'], 'hush-hush-hush');
  await api(server, 'PATCH', `/functions/${id}`, { code: code('second') });
  assert.equal(await send('saved'), 'first');
  await api(server, 'POST', `/functions/${id}/deploy`);
  await eventually('the new version runs', async () => (await send('E')) === 'second', within);
  await track(server, '/v1/identify', { type: 'identify', userId: 'u' });
  await eventually(
    'what the code rejects is a discard',
    async () => {
      const discards = await api(server, 'GET', '/discards?pagination[count]=10');
      return JSON.stringify(discards).includes('message_rejected');
    },
    within,
  );
});

test('a request to a source function is answered at once, and survives the power cut behind the answer', async (t) => {
  const stood = await stand(t);
  const { receiver } = stood;
  const code = `async function onRequest(request, settings) {
    const body = request.json();
    Segment.track({
      event: body.name,
      userId: request.headers.get('x-user'),
      properties: { key: settings.key, q: request.url.searchParams.get('q') },
    });
    Segment.identify({ userId: 'second' });
  }`;
  const body = { resourceType: 'SOURCE', code, settings: [secret('key')] };
  const { catalogId } = await makeFunction(stood.server, body);
  const made = await api(stood.server, 'POST', '/sources', {
    ...{ slug: 'hooks', metadataId: catalogId, settings: { key: 'hush-hush-hush' } },
  });
  const key = String(valueAt(made, 'data.source.writeKeys.0'));
  const sourceId = String(valueAt(made, 'data.source.id'));
  await addWebhook(stood.server, [receiver.url], {}, sourceId);
  const hook = (text: string, type = 'application/json') =>
    fetch(`${stood.server.url}/fn/${key}?q=1`, {
      method: 'POST',
      headers: { 'content-type': type, 'x-user': 'u' },
      body: text,
    });
  await eventually('ingest knows it', async () => (await hook('{"name":"first"}')).ok, within);
  const named = (name: string) => receiver.taken.filter(({ event }) => event['event'] === name);
  await eventually('it arrives', () => named('first').length > 0, within);
  const [first] = named('first');
  assert.deepEqual(first?.event['properties'], { key: 'hush-hush-hush', q: '1' });
  assert.equal(first?.event['userId'], 'u');
  assert.ok((await hook('name=form', 'application/x-www-form-urlencoded')).ok);
  await eventually('a form arrives', () => named('form').length > 0, within);
  assert.equal((await fetch(`${stood.server.url}/fn/nobody`, { method: 'POST' })).status, 404);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => hook(JSON.stringify({ name: `cut ${n}` }))),
  );
  assert.ok(answers.every(({ ok }) => ok));
  await stood.restart();
  await eventually(
    'all arrive',
    () => Array.from({ length: 20 }, (_, n) => n).every((n) => named(`cut ${n}`).length > 0),
    within,
  );
  const ids = await stagedOf(stood.data, sourceId);
  assert.equal(new Set(ids).size, ids.length, 'each call is one event, however often it ran');
});

test('what waits for the insert function of its source is there once after a power cut', async (t) => {
  const stood = await stand(t);
  const { receiver } = stood;
  const sourceId = await firstSource(stood.server);
  await addWebhook(stood.server, [receiver.url]);
  const code = `async function onTrack(event, settings) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { ...event, properties: { key: settings.key } };
  }`;
  const body = { resourceType: 'INSERT_SOURCE', code, settings: [secret('key')] };
  const { id } = await makeFunction(stood.server, body);
  await api(stood.server, 'POST', '/insert-function-instances', {
    ...{ functionId: id, integrationId: sourceId, name: 'In front', enabled: true },
    settings: { key: 'hush-hush-hush' },
  });
  const send = (messageId: string, n = 0) =>
    track(stood.server, '/v1/track', {
      ...{ type: 'track', event: 'E', userId: `u${n % 7}`, messageId },
    });
  const keyOf = ({ event }: { event: JsonObject }) => valueAt(event, 'properties.key');
  let probes = 0;
  await eventually(
    'the function is in front',
    async () => {
      await send(`probe ${probes++}`);
      return receiver.taken.some((one) => keyOf(one) === 'hush-hush-hush');
    },
    within,
  );
  const count = 300;
  for (let round = 0; round < 3; round += 1) {
    const sent = Array.from({ length: count / 3 }, (_, n) => send(`m${round}-${n}`, n));
    assert.ok((await Promise.all(sent)).every(({ status }) => status === 200));
    await stood.restart();
  }
  const arrived = () =>
    new Set(
      receiver.taken.map(({ event }) => String(event['messageId'])).filter((m) => m[0] === 'm'),
    );
  await eventually('all arrive', () => arrived().size === count, within);
  const late = receiver.taken.filter(({ event }) => String(event['messageId'])[0] === 'm');
  assert.ok(late.every((one) => keyOf(one) === 'hush-hush-hush'));
  await stood.server.stop();
  const ids = await stagedOf(stood.data, sourceId);
  assert.equal(new Set(ids).size, ids.length, 'none is in the log twice');
});

test('from the command line code is tried on a real event, saved and deployed, and what it logs is read', async (t) => {
  const { server, receiver } = await stand(t);
  const code = (line: string): string =>
    `async function onTrack(event, settings) { console.log('${line}', event.event, settings.key); }`;
  const body = {
    ...{ resourceType: 'DESTINATION', code: code('first'), displayName: 'Said' },
    settings: [secret('key')],
  };
  const { catalogId } = await makeFunction(server, body);
  const sourceId = await firstSource(server);
  const connected = await api(server, 'POST', '/destinations', {
    ...{ sourceId, metadataId: catalogId, enabled: true, settings: { key: 'hush-hush-hush' } },
  });
  const usedBy = String(valueAt(connected, 'data.destination.id'));
  const name = 'Said';
  const cli = async (...args: readonly string[]): Promise<string> => {
    const {
      code: end,
      stdout,
      stderr,
    } = await startCommand(['functions', ...args], environmentOf(server)).done;
    assert.equal(end, 0, stderr);
    return stdout;
  };
  await track(server, '/v1/track', { type: 'track', event: 'Real', userId: 'u' });
  const logged = async () => await cli('logs', name);
  await eventually('it is logged', async () => (await logged()).includes('first Real'), within);
  assert.doesNotMatch(await logged(), /hush-hush/);
  const file = join(server.folder, 'code.js');
  writeFileSync(file, code('tried'));
  const tried = await cli('test', name, '--source', sourceId, '--code', file, '--used-by', usedBy);
  assert.equal(valueAt(JSON.parse(tried), 'outcome'), 'done');
  assert.match(String(valueAt(JSON.parse(tried), 'logs.0.text')), /^tried Real/);
  assert.doesNotMatch(tried, /hush-hush/);
  const refusing = join(server.folder, 'refusing.js');
  writeFileSync(refusing, `async function onTrack() { throw new RetryError('later'); }`);
  const args = ['functions', 'test', name, '--source', 'http-api', '--code', refusing];
  const refused = await startCommand([...args, '--used-by', usedBy], environmentOf(server)).done;
  assert.equal(refused.code, 1, refused.stderr);
  assert.equal(valueAt(JSON.parse(refused.stdout), 'outcome'), 'retry');
  await cli('save', name, file);
  assert.match(await cli('deploy', name), /deployed/);
  await eventually(
    'the new version is what runs',
    async () => {
      await track(server, '/v1/track', { type: 'track', event: 'Again', userId: 'u' });
      return (await logged()).includes('tried Again');
    },
    within,
  );
  assert.equal(receiver.taken.length, 0);
});

/** The messageIds of a source's events, as the log `events` has them. */
async function stagedOf(data: string, source: string): Promise<string[]> {
  return await withEventsReader(data, async (events) => {
    const ids: string[] = [];
    for (let from = 0; ; ) {
      const { records, next } = await events.read(from, { source });
      for (const { meta } of records) {
        const value: unknown = JSON.parse(meta);
        if (isJsonObject(value) && 'n' in value) ids.push(String(value['id']));
      }
      if (next === from) return ids;
      from = next;
    }
  });
}
