import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { mmdbTable } from '../../src/process/testing/mmdb-table.ts';
import { addWebhook, api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import type { Delivery } from '../rig/receiver.ts';
import { type Server, testWriteKey } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { basic, track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';
import { type Stand, startStand } from './stand.ts';

const google = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const analyticsJs = { library: { name: 'analytics.js', version: '1' } };

/** A command against the server: what it printed, its failure a failure of the test. */
async function run(server: Server, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await startCommand([...args], environmentOf(server)).done;
  assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function runJson(server: Server, ...args: readonly string[]): Promise<JsonObject> {
  const value: unknown = JSON.parse(await run(server, ...args));
  assert(isJsonObject(value));
  return value;
}

function send(server: Server, key: string, event: string, more: JsonObject = {}, headers = {}) {
  const body = { userId: 'u', event, ...more };
  return track(server, '/v1/track', body, { authorization: basic(key), ...headers });
}

/** Sends a last event behind the others of the same user, and resolves with all that arrived before it. */
async function arrived({ server, receiver }: Stand, key = testWriteKey) {
  assert.equal((await send(server, key, 'last')).status, 200);
  const isLast = ({ event }: Delivery) => event['event'] === 'last';
  const taken = await receiver.waitFor('the last event', (all) => all.some(isLast));
  return taken.filter((delivery) => !isLast(delivery));
}

test('keys are rotated with an overlap, expire when they should, and show their last use', async (t) => {
  const stand = await startStand(t);
  const { server } = stand;
  const { writeKey: added } = await runJson(
    server,
    'source',
    'rotate-key',
    'http-api',
    '--overlap',
    '1h',
  );
  const key = String(added);
  await eventually('the new key holds', async () => (await send(server, key, 'new')).ok);
  assert.equal(
    (await send(server, testWriteKey, 'old')).status,
    200,
    'both hold during the overlap',
  );
  await run(server, 'source', 'expire-key', 'http-api', testWriteKey, '0s');
  await eventually('the old key is refused', async () => {
    return (await send(server, testWriteKey, 'too late')).status === 401;
  });
  const keys = async () => {
    const lines = (await run(server, 'source', 'keys', 'http-api')).trim().split('\n');
    return lines.map((line): JsonObject => JSON.parse(line));
  };
  const used = await eventually('the last use is shown', async () => {
    const all = await keys();
    return all.every(({ lastUsedAt }) => lastUsedAt !== null) && all;
  });
  assert.deepEqual(
    used.map(({ writeKey, mode, expired }) => [writeKey, mode, expired]),
    [
      [testWriteKey, 'live', true],
      [key, 'live', false],
    ],
  );
  await run(server, 'source', 'remove-key', 'http-api', testWriteKey);
  assert.equal((await keys()).length, 1);
  const names = valuesAt(await arrived(stand, key), 'event');
  assert.deepEqual([...new Set(names)], ['new', 'old']);
});

test('events by a test key are in the tail and at the destinations that take them', async (t) => {
  const stand = await startStand(t);
  const { server, receiver } = stand;
  const tail = startCommand(['tail'], environmentOf(server));
  t.after(tail.interrupt);
  const added = await runJson(server, 'source', 'add-key', 'http-api', '--test', '--name', 'ci');
  const key = String(added['writeKey']);
  await eventually('the test key holds', async () => (await send(server, key, 'tried')).ok);
  await eventually(
    'the tail shows it as a test event',
    async () => {
      await send(server, key, 'tried');
      return /"test":true.*"tried"/.test(tail.stdout());
    },
    { every: 250 },
  );
  assert.deepEqual(await arrived(stand), [], 'no test event by default');
  const id = await addWebhook(server, [`${receiver.url}/test`]);
  const policy = await runJson(server, 'destination', 'policy', id);
  assert.deepEqual(policy, { takes: 'live', consentCategories: [] });
  await run(server, 'destination', 'policy', id, '--takes', 'test');
  await eventually('it gets test events', async () => {
    await send(server, key, 'tried again');
    await send(server, testWriteKey, 'live again');
    return receiver.taken.some(({ path }) => path === '/hook/test');
  });
  const atTest = receiver.taken.filter(({ path }) => path === '/hook/test');
  assert.deepEqual([...new Set(valuesAt(atTest, 'event'))], ['tried again']);
});

test('limits of a source are set from the command line, hold within a second and show in the answers', async (t) => {
  const { server } = await startStand(t);
  const limit = async () =>
    (await send(server, testWriteKey, 'e')).headers.get('x-ratelimit-limit');
  assert.equal(await limit(), '1000');
  const set = [
    'source',
    'limits',
    'http-api',
    '--requests-per-second',
    '7',
    '--event-bytes',
    '200',
  ];
  assert.deepEqual(await runJson(server, ...set), {
    requestsPerSecond: 7,
    requestBytes: null,
    eventBytes: 200,
    batchEvents: null,
  });
  await eventually('the figure is shown', async () => (await limit()) === '7');
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => send(server, testWriteKey, 'many')),
  );
  const limited = answers.find(({ status }) => status === 429);
  assert.match(limited?.headers.get('retry-after') ?? '', /^[1-9]/);
  const bad = ['source', 'limits', 'http-api', '--request-bytes', '2000001'];
  const { code, stderr } = await startCommand(bad, environmentOf(server)).done;
  assert.equal(code, 1);
  assert.match(stderr, /requestBytes/);
  await run(
    server,
    ...set.slice(0, 3),
    '--requests-per-second',
    '10000',
    '--request-bytes',
    '2000000',
    '--event-bytes',
    '2000000',
  );
  await eventually('the enterprise figure is shown', async () => (await limit()) === '10000');
  const pad = 'x'.repeat(1_900_000);
  assert.equal((await send(server, testWriteKey, 'large', { properties: { pad } })).status, 200);
});

test('bots and prefetches are refused or marked, whichever the source says', async (t) => {
  const stand = await startStand(t);
  const { server } = stand;
  const policy = (...args: readonly string[]) =>
    run(server, 'source', 'policy', 'http-api', ...args);
  const asBot = { 'user-agent': google };
  await policy('--bots', 'refuse');
  assert.equal((await send(server, testWriteKey, 'refused bot', {}, asBot)).status, 200);
  await send(
    server,
    testWriteKey,
    'refused prefetch',
    { context: analyticsJs },
    { purpose: 'prefetch' },
  );
  const discards = await eventually('both are discards', async () => {
    const answer = await api(server, 'GET', '/discards?pagination.count=10');
    const list = valueAt(answer, 'data.discards');
    return Array.isArray(list) && list.length === 2 && list.filter(isJsonObject);
  });
  assert.deepEqual(discards.map(({ code }) => code).sort(), ['bot_refused', 'prefetch_refused']);
  await policy('--bots', 'mark');
  await send(server, testWriteKey, 'marked bot', {}, asBot);
  const [marked, ...others] = await arrived(stand);
  assert.deepEqual(others, []);
  assert.deepEqual(valueAt(marked?.event, 'context.bot'), { kind: 'bot', match: 'Google' });
});

test('addresses are anonymised or dropped, and the country is found all the same', async (t) => {
  const stand = await startStand(t);
  const { server, receiver } = stand;
  const policy = (...args: readonly string[]) =>
    run(server, 'source', 'policy', 'http-api', ...args);
  /** Until all have been processed: the policy that holds then is the one that counts. */
  const sendAll = async (step: string) => {
    await send(server, testWriteKey, `${step} given`, { context: { ip: '193.99.144.80' } });
    await send(server, testWriteKey, `${step} IPv6`, { context: { ip: '2001:4860:4860:8888::1' } });
    await send(server, testWriteKey, `${step} client`, { context: analyticsJs });
    const isIt = ({ event }: Delivery) => event['event'] === `${step} client`;
    await receiver.waitFor(`"${step} client"`, (all) => all.some(isIt));
  };
  await sendAll('kept');
  await policy('--ip', 'anonymize', '--country', 'on');
  await sendAll('anonymous');
  await policy('--ip', 'drop');
  await sendAll('dropped');
  const seen = (await arrived(stand)).map(({ event }) => [
    event['event'],
    valueAt(event, 'context.ip'),
    valueAt(event, 'context.location.country'),
  ]);
  assert.deepEqual(seen, [
    ['kept given', '193.99.144.80', undefined],
    ['kept IPv6', '2001:4860:4860:8888::1', undefined],
    ['kept client', '127.0.0.1', undefined],
    ['anonymous given', '193.99.144.0', 'DE'],
    ['anonymous IPv6', '2001:4860:4860::', 'US'],
    ['anonymous client', '127.0.0.0', undefined],
    ['dropped given', undefined, 'DE'],
    ['dropped IPv6', undefined, 'US'],
    ['dropped client', undefined, undefined],
  ]);
});

test('a table of the operator takes the place of the bundled one', async (t) => {
  const folder = await tempFolder('country');
  t.after(folder.remove);
  const table = join(folder.path, 'countries.mmdb');
  writeFileSync(table, mmdbTable({ '193.99.144.0/24': { country: { iso_code: 'NL' } } }));
  const stand = await startStand(t, { TRIBUTARY_COUNTRY_TABLE: table });
  await run(stand.server, 'source', 'policy', 'http-api', '--country', 'on');
  await send(stand.server, testWriteKey, 'located', { context: { ip: '193.99.144.80' } });
  const [event] = await arrived(stand);
  assert.equal(valueAt(event?.event, 'context.location.country'), 'NL');
});
