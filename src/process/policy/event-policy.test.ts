import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Json, JsonObject } from '../../core/json.ts';
import { type AcceptedMeta, recordKinds } from '../../core/records.ts';
import type { SourcePolicy } from '../../core/snapshot.ts';
import { createMemoryKeySet } from '../../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { mmdbTable } from '../testing/mmdb-table.ts';
import {
  discardsOf,
  eventsOf,
  type Rig,
  readAll,
  StillClock,
  startRig,
} from '../testing/process-rig.ts';

import { CountryTable } from './country-table.ts';

const event = { userId: 'u', event: 'E' };
const google = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36';
const analyticsJs = { library: { name: 'analytics.js', version: 'next-1.84.3' } };
const networks = {
  '203.0.113.0/24': { country_code: 'DE' },
  '2001:db8::/32': { country_code: 'JP' },
};

async function stand(t: TestContext, policy: SourcePolicy, more: { noTable?: boolean } = {}) {
  const engine = await openMemoryLogEngine({ clock: new StillClock() });
  const rig = await startRig({
    engine,
    openKeys: async () => createMemoryKeySet(),
    sources: [
      { id: 'src_1', slug: 's', name: 's', enabled: true, writeKeys: [], limits: {}, policy },
    ],
    loadCountries: more.noTable
      ? () => Promise.reject(new RangeError('no such file'))
      : async () => new CountryTable(mmdbTable(networks)),
  });
  t.after(() => rig.stop());
  return { engine, rig };
}

/** The context that comes out of one event, for a source with the policy. */
async function contextOf(
  t: TestContext,
  policy: SourcePolicy,
  context: JsonObject,
  meta: Partial<AcceptedMeta> = {},
): Promise<Json | undefined> {
  const { engine, rig } = await stand(t, policy);
  await rig.send({ ...event, context }, meta);
  await rig.caughtUp();
  return (await eventsOf(engine))[0]?.['context'];
}

async function codesOf(t: TestContext, meta: Partial<AcceptedMeta>, context: JsonObject = {}) {
  const { engine, rig } = await stand(t, { bots: 'refuse' });
  await rig.send({ ...event, context }, meta);
  await rig.caughtUp();
  return (await discardsOf(engine)).map(({ code }) => code);
}

test('a bot is marked with what gives it away, by the user agent of the request', async (t) => {
  assert.deepEqual(await contextOf(t, { bots: 'mark' }, {}, { ua: google }), {
    bot: { kind: 'bot', match: 'Google' },
  });
  assert.deepEqual(await contextOf(t, { bots: 'mark' }, {}, { ua: chrome }), {});
});

test('a prefetch is marked, whoever it is', async (t) => {
  const meta = { ua: chrome, prefetch: true } as const;
  assert.deepEqual(await contextOf(t, { bots: 'mark' }, {}, meta), { bot: { kind: 'prefetch' } });
});

test('a refused bot or prefetch is a discard with a code of its own and its payload, and no event', async (t) => {
  const { engine, rig } = await stand(t, { bots: 'refuse' });
  await rig.send({ ...event, messageId: 'm1' }, { ua: google });
  await rig.send({ ...event, messageId: 'm2' }, { ua: chrome, prefetch: true });
  await rig.send({ ...event, messageId: 'm3' }, { ua: chrome });
  await rig.caughtUp();
  assert.deepEqual(
    (await eventsOf(engine)).map(({ messageId }) => messageId),
    ['m3'],
  );
  const discards = await discardsOf(engine);
  assert.deepEqual(
    discards.map(({ code, stage, messageId }) => [code, stage, messageId]),
    [
      ['bot_refused', 'process', 'm1'],
      ['prefetch_refused', 'process', 'm2'],
    ],
  );
  assert.partialDeepStrictEqual(JSON.parse(discards[0]?.body ?? ''), event);
  assert.equal(await counted(rig, 'bot_refused'), 1);
});

test('what the event says of its user counts before the header of whoever passes it on', async (t) => {
  assert.deepEqual(await codesOf(t, { ua: 'curl/8' }, { userAgent: chrome }), []);
  assert.deepEqual(await codesOf(t, { ua: chrome }, { userAgent: google }), ['bot_refused']);
});

test('of a batch each event is judged by itself, on the context they share', async (t) => {
  const { engine, rig } = await stand(t, { bots: 'refuse' });
  await rig.send({
    context: { userAgent: google },
    batch: [
      { ...event, type: 'track', messageId: 'm1' },
      { ...event, type: 'track', messageId: 'm2', context: { userAgent: chrome } },
    ],
  });
  await rig.caughtUp();
  assert.deepEqual(
    (await eventsOf(engine)).map(({ messageId }) => messageId),
    ['m2'],
  );
});

test('a library that names itself is no bot, whatever its HTTP client is called', async (t) => {
  for (const [name, ua] of [
    ['analytics-node', 'analytics-node-next/latest'],
    ['analytics-python', 'analytics-python/2.3.0'],
    ['analytics-kotlin', 'analytics-kotlin/1.16'],
    ['analytics-android', 'okhttp/4.12.0'],
  ] as const) {
    assert.deepEqual(await codesOf(t, { ua }, { library: { name, version: '1' } }), []);
  }
  assert.deepEqual(await codesOf(t, { ua: google }, analyticsJs), ['bot_refused']);
});

test('a source that does not ask gets bots like others', async (t) => {
  const meta = { ua: google, prefetch: true } as const;
  assert.deepEqual(await contextOf(t, { ip: 'anonymize' }, {}, meta), {});
});

test('the country is that of the address the event brings, else of a client that is the user', async (t) => {
  const country = { country: true };
  const located = (name: string) => ({ location: { country: name } });
  const ip = '203.0.113.7';
  assert.deepEqual(await contextOf(t, country, { ip }), { ip, ...located('DE') });
  const client = { ...analyticsJs };
  const viaClient = await contextOf(t, country, client, { ip });
  assert.deepEqual(viaClient, { ...client, ip, ...located('DE') });
  const ipv6 = await contextOf(t, country, client, { ip: '2001:db8::1' });
  assert.deepEqual(ipv6, { ...client, ...located('JP') });
  assert.deepEqual(await contextOf(t, country, {}, { ip }), {}, 'a server is not the user');
  assert.deepEqual(await contextOf(t, country, { ip: '0.0.0.0' }), { ip: '0.0.0.0' });
});

test('the country that the client has set stays, and the rest of its location too', async (t) => {
  const ip = '203.0.113.7';
  for (const location of [{ country: 'FR', city: 'Paris' }, { country: null }, 'somewhere']) {
    assert.deepEqual(await contextOf(t, { country: true }, { ip, location }), { ip, location });
  }
  assert.deepEqual(await contextOf(t, { country: true }, { ip, location: { city: 'Köln' } }), {
    ip,
    location: { city: 'Köln', country: 'DE' },
  });
});

test('a source that drops addresses and wants the country gets it of the network, and no address', async (t) => {
  const policy = { ip: 'drop', country: true } as const;
  const context = await contextOf(t, policy, analyticsJs, { ip: '203.0.113.0' });
  assert.deepEqual(context, { ...analyticsJs, location: { country: 'DE' } });
  assert.deepEqual(await contextOf(t, policy, { ip: '203.0.113.0' }), {
    location: { country: 'DE' },
  });
});

test('a country table that cannot be read holds no event up', async (t) => {
  const { engine, rig } = await stand(t, { country: true }, { noTable: true });
  await rig.send({ ...event, context: { ip: '203.0.113.7' } });
  await rig.caughtUp();
  assert.deepEqual((await eventsOf(engine))[0]?.['context'], { ip: '203.0.113.7' });
  assert(rig.warnings.some(({ message }) => message.includes('country table')));
});

test('an event by a test key is marked in its record and nowhere in its payload', async (t) => {
  const { engine, rig } = await stand(t, {});
  await rig.send({ ...event, messageId: 'm1' }, { test: true });
  await rig.send({ ...event, messageId: 'm2' });
  await rig.caughtUp();
  const events = (await readAll(engine)).filter(({ kind }) => kind === recordKinds.event);
  assert.deepEqual(
    events.map(({ meta }) => JSON.parse(meta).test),
    [true, undefined],
  );
  assert.doesNotMatch(events[0]?.body.toString() ?? '', /test/);
});

async function counted(rig: Rig, code: string): Promise<number> {
  const metric = await rig.registry.getSingleMetric('tributary_discards_total')?.get();
  return metric?.values.find(({ labels }) => labels['code'] === code)?.value ?? 0;
}
