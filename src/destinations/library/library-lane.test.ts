import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { BatchedEvent, DeliveryResult, Lane, SendContext } from '../../core/destination.ts';
import type { Event } from '../../core/event.ts';
import type { Http, HttpAnswer, HttpFailure, HttpRequest } from '../../core/http.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import type { SubscriptionConfig } from '../../core/subscription-config.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { libraryDefinitions } from './library-definitions.ts';
import { createTokenStore } from './tokens/token-store.ts';

const time = '2026-11-20T00:00:00.000Z';

function event(id: string, more: JsonObject = {}): Event {
  return {
    ...{ type: 'track', messageId: id, userId: `user-${id}`, event: 'Bought' },
    ...{
      context: {},
      integrations: {},
      timestamp: time,
      originalTimestamp: time,
      receivedAt: time,
    },
    ...more,
  };
}

interface Rig {
  readonly requests: HttpRequest[];
  lane(
    slug: string,
    settings: JsonObject,
    ...subscriptions: Partial<SubscriptionConfig>[]
  ): Promise<Lane>;
  send(lane: Lane, event: Event, memory?: SendContext['memory']): Promise<DeliveryResult>;
  sendBatch(lane: Lane, events: readonly Event[]): Promise<readonly DeliveryResult[]>;
}

type Reply = number | Partial<HttpAnswer> | HttpFailure;

async function rig(
  t: TestContext,
  answer: (request: HttpRequest) => Reply = () => 200,
): Promise<Rig> {
  const store = await freshStores().openWork();
  t.after(() => store.close());
  const tokens = createTokenStore(store, createSecretBox('a key for tests'), systemClock);
  const requests: HttpRequest[] = [];
  const http: Http = {
    request: async (request) => {
      requests.push(request);
      const reply = answer(request);
      if (typeof reply === 'object' && 'failure' in reply) return reply;
      const given = typeof reply === 'number' ? { status: reply } : reply;
      return { status: 200, headers: {}, body: '', ...given };
    },
  };
  const context = { http, signal: new AbortController().signal, now: () => 0 };
  return {
    requests,
    async lane(slug, settings, ...subscriptions) {
      const options = { clock: systemClock, tokens, ownConnections: new Set<string>() };
      const definition = (await libraryDefinitions(options)).find((one) => one.slug === slug);
      const made = definition?.lanes(settings, {
        connection: 'dest',
        subscriptions: subscriptions.map((one, index) => ({
          ...{ id: `s${index}`, name: `S${index}`, action: 'send', trigger: 'type = "track"' },
          ...{ mapping: {}, ...one },
        })),
      });
      assert(made?.ok);
      const [lane] = made.lanes;
      assert(lane !== undefined);
      return lane;
    },
    send: (lane, one, memory) =>
      lane.send(one, {
        ...context,
        ...{ text: JSON.stringify(one), options: {}, attempt: 1 },
        ...(memory && { memory }),
      }),
    async sendBatch(lane, events) {
      assert(lane.batches !== undefined);
      const batch: BatchedEvent[] = events.map((one) => ({
        event: one,
        text: JSON.stringify(one),
      }));
      return await lane.batches.sendBatch(batch, context);
    },
  };
}

const hook = (url: Json, more: JsonObject = {}) => ({
  mapping: { url, method: 'POST', data: { '@path': '$.' }, ...more },
});
const idsOf = ({ body }: HttpRequest) => {
  const sent = JSON.parse(String(body));
  return (Array.isArray(sent) ? sent : [sent]).map(({ messageId }) => messageId);
};

test('an event that no trigger takes is refused before it is sent', async (t) => {
  const { lane } = await rig(t);
  const made = await lane(
    'actions-webhook',
    {},
    { trigger: 'event = "Sold"' },
    { trigger: 'type = ' },
  );
  assert.equal(made.refuse?.(event('1')), 'no_matching_mapping');
  assert.equal(made.refuse?.(event('1', { event: 'Sold' })), undefined);
});

test('of several subscriptions those that are settled are not run again', async (t) => {
  let isDown = true;
  const { lane, send, requests } = await rig(t, ({ url }) =>
    isDown && url.includes('b') ? 503 : 200,
  );
  const made = await lane('actions-webhook', {}, hook('http://a/'), hook('http://b/'));
  const memory = {};
  const first = await send(made, event('1'), memory);
  assert.equal(first.kind, 'retry');
  assert.match(first.kind === 'retry' ? first.message : '', /^S1: HTTP 503/);
  isDown = false;
  assert.deepEqual(await send(made, event('1'), memory), { kind: 'delivered', status: 200 });
  // Both run side by side; which of them asks first is nobody's matter.
  const urls = requests.map(({ url }) => url);
  assert.deepEqual(urls.slice(0, 2).sort(), ['http://a/', 'http://b/']);
  assert.deepEqual(urls.slice(2), ['http://b/']);
});

test('what the library does to an event others do not see', async (t) => {
  const { lane, send } = await rig(t);
  const one = event('1', { properties: { deep: { price: '5' } } });
  const before = JSON.stringify(one);
  await send(await lane('actions-webhook', {}, hook('http://a/')), one);
  assert.equal(JSON.stringify(one), before);
});

test('what kind of failure it was decides between another try and a discard', async (t) => {
  let reply: Reply = 200;
  const { lane, send } = await rig(t, () => reply);
  const made = await lane('actions-webhook', {}, hook('http://a/'));
  const cases: [Reply, string][] = [
    [503, 'retry'],
    [500, 'retry'],
    [{ status: 429, headers: { 'retry-after': '7' } }, 'retry 7000'],
    [408, 'retry'],
    [501, 'discard message_rejected'],
    [400, 'discard message_rejected'],
    [302, 'discard message_rejected'],
    [{ failure: 'timeout', message: 'x' }, 'retry'],
    [{ failure: 'network', message: 'x' }, 'retry'],
    [{ failure: 'refused', message: 'x' }, 'discard target_refused'],
  ];
  for (const [given, wanted] of cases) {
    reply = given;
    const { kind, ...rest } = await send(made, event('1'));
    const extra = 'code' in rest ? rest.code : 'retryAfterMs' in rest ? rest.retryAfterMs : '';
    assert.equal(`${kind} ${extra}`.trim(), wanted, JSON.stringify(given));
  }
});

test('a mapped event that does not fit the action is a discard that names the field', async (t) => {
  const { lane, send, requests } = await rig(t);
  const made = await lane('actions-webhook', {}, { mapping: { method: 'POST' } });
  const result = await send(made, event('1'));
  assert(result.kind === 'discard' && result.code === 'payload_validation_failed');
  assert.match(result.message, /'url'/);
  assert.equal(requests.length, 0);
});

test('an answer of any size is read to its bound, and the next call is not held up', async (t) => {
  const { lane, send } = await rig(t, () => ({ status: 200, body: 'x'.repeat(300_000) }));
  const made = await lane('actions-webhook', {}, hook('http://a/'));
  for (let turn = 0; turn < 3; turn += 1) {
    assert.equal((await send(made, event('1'))).kind, 'delivered');
  }
});

test('batches hold events whose batch keys are equal; a mapping that says no has none', async (t) => {
  const { lane } = await rig(t);
  const keyed = await lane(
    'actions-webhook',
    {},
    hook({ '@template': 'http://{{event}}/' }, { batch_size: 50 }),
  );
  const keyOf = (name: string) => keyed.batches?.groupOf(event('1', { event: name }));
  assert.equal(keyOf('a')?.mostEvents, 50);
  assert.equal(keyOf('a')?.key, keyOf('a')?.key);
  assert.notEqual(keyOf('a')?.key, keyOf('b')?.key);
  const single = await lane('actions-webhook', {}, hook('http://a/'));
  assert.equal(single.batches?.groupOf(event('1')), undefined);
  const off = { mapping: { enable_batching: false }, action: 'logEventV2' };
  const settings = { apiKey: 'k', secretKey: 's', endpoint: 'north_america' };
  assert.equal(
    (await lane('actions-amplitude', settings, off)).batches?.groupOf(event('1')),
    undefined,
  );
});

test('a batch is one request; one that is refused for its content is halved until what is wrong stands alone', async (t) => {
  const { lane, sendBatch, requests } = await rig(t, (request) =>
    idsOf(request).includes('3') ? 400 : 200,
  );
  const made = await lane('actions-webhook', {}, hook('http://a/', { batch_size: 50 }));
  const events = ['0', '1', '2', '3', '4', '5', '6', '7'].map((id) => event(id));
  const results = await sendBatch(made, events);
  assert.deepEqual(
    results.map(({ kind }) => kind),
    [
      'delivered',
      'delivered',
      'delivered',
      'discard',
      'delivered',
      'delivered',
      'delivered',
      'delivered',
    ],
  );
  assert.deepEqual(requests[0] && idsOf(requests[0]).length, 8);
  const taken = requests.filter((request) => !idsOf(request).includes('3')).flatMap(idsOf);
  assert.deepEqual(taken, ['0', '1', '2', '4', '5', '6', '7']);
});

test('a batch that fails for the moment is repeated as a whole, and an event that does not fit is left out of it', async (t) => {
  let status = 503;
  const { lane, sendBatch, requests } = await rig(t, () => status);
  const made = await lane(
    'actions-webhook',
    {},
    {
      mapping: {
        url: 'http://a/',
        method: { '@path': '$.properties.method' },
        batch_size: 9,
        data: { '@path': '$.' },
      },
    },
  );
  const good = { properties: { method: 'POST' } };
  const events = [event('1', good), event('2'), event('3', good)];
  assert.deepEqual(
    (await sendBatch(made, events)).map(({ kind }) => kind),
    ['retry', 'retry', 'retry'],
  );
  status = 200;
  const [first, second, third] = await sendBatch(made, events);
  assert.deepEqual([first?.kind, third?.kind], ['delivered', 'delivered']);
  assert(second?.kind === 'discard' && second.code === 'payload_validation_failed');
  const [last] = requests.slice(-1);
  assert(last !== undefined);
  assert.deepEqual(idsOf(last), ['1', '3']);
});

const oauth = {
  oauth_access_token: 'old',
  oauth_refresh_token: 'more',
  oauth_client_id: 'me',
  oauth_client_secret: 'hush',
};
const contact: Partial<SubscriptionConfig> = {
  action: 'upsertContact',
  mapping: { email: 'ada@example.com', enable_batching: false },
};

test('an access token that is refused is refreshed once for all, and the new one is kept, sealed', async (t) => {
  const one = await rig(t, ({ url, headers }) => {
    if (url.includes('/oauth/'))
      return { body: '{"access_token":"new"}', headers: { 'content-type': 'application/json' } };
    if (headers['authorization'] !== 'Bearer new') return 401;
    return { body: '{}', headers: { 'content-type': 'application/json' } };
  });
  const made = await one.lane('actions-hubspot-cloud', oauth, contact);
  const results = await Promise.all(['1', '2', '3'].map((id) => one.send(made, event(id))));
  assert.deepEqual(
    results.map(({ kind }) => kind),
    ['delivered', 'delivered', 'delivered'],
  );
  const refreshes = one.requests.filter(({ url }) => url.includes('/oauth/'));
  assert.equal(refreshes.length, 1);
  assert.match(String(refreshes[0]?.body), /refresh_token=more/);
  assert.match(String(refreshes[0]?.body), /client_id=me/);
  // Another lane of the connection, as after a restart: it begins with the new one.
  const before = one.requests.length;
  const again = await one.lane('actions-hubspot-cloud', oauth, contact);
  assert.equal((await one.send(again, event('4'))).kind, 'delivered');
  assert(
    one.requests.slice(before).every(({ headers }) => headers['authorization'] === 'Bearer new'),
  );
});

test('a token that cannot be refreshed makes a discard, one that cannot be just now another try', async (t) => {
  let refresh: Reply = 400;
  const { lane, send } = await rig(t, ({ url }) => (url.includes('/oauth/') ? refresh : 401));
  const made = await lane('actions-hubspot-cloud', oauth, contact);
  const final = await send(made, event('1'));
  assert.deepEqual([final.kind, final.status], ['discard', 401]);
  refresh = 503;
  assert.equal((await send(made, event('1'))).kind, 'retry');
});
