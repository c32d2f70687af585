import type { JsonObject } from '../../src/core/json.ts';
import type { Random } from '../rig/random.ts';
import { testWriteKey } from '../rig/server.ts';
import { basic } from '../rig/track.ts';
import { type Call, type Events, eventsOf } from './events.ts';
import { bodiless, inChunks, withLength } from './framings.ts';
import { treeOf } from './json-tree.ts';
import { packed, plain, type WireRequest } from './wire-request.ts';

type Headers = WireRequest['headers'];

/** Makes a request as one client sends it. */
type Shape = (events: Events, dice: Random) => WireRequest;

const host = ['Host', '127.0.0.1:8080'] as const;
const json = ['Content-Type', 'application/json'] as const;
const text = ['Content-Type', 'text/plain'] as const;
const authorization = ['Authorization', basic(testWriteKey)] as const;
const writeKey = testWriteKey;

function post(target: string, headers: Headers, body: JsonObject): WireRequest {
  return {
    method: 'POST',
    target,
    version: 'HTTP/1.1',
    headers: [host, ...headers],
    body: treeOf(body),
    coding: plain,
    framing: withLength,
    mutations: [],
  };
}

function get(target: string, headers: Headers = []): WireRequest {
  const one = post(target, headers, {});
  return { ...one, method: 'GET', body: undefined, framing: bodiless };
}

const zipped = (request: WireRequest): WireRequest => ({
  ...request,
  headers: [...request.headers, ['Content-Encoding', 'gzip']],
  coding: packed,
});

const some = (events: Events, dice: Random, most = 4): ReturnType<Events['next']>[] =>
  Array.from({ length: dice.between(1, most) }, () => events.next());

const library = (name: string, version: string): JsonObject => ({ library: { name, version } });
const letter = (call: Call) => call.charAt(0);

/** A page's context, as analytics.js collects it. */
const pageContext = {
  page: {
    path: '/shop/',
    referrer: '',
    search: '?utm_source=news',
    title: 'Shop',
    url: 'http://s/',
  },
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0',
  locale: 'de-DE',
  timezone: 'Europe/Berlin',
  campaign: { source: 'news' },
  ...library('analytics.js', 'npm:next-1.84.3'),
};
const metadata = { bundled: ['Segment.io'], unbundled: [], bundledIds: [] };
const origin = ['Origin', 'https://shop.example'] as const;
const browser: Headers = [
  ...[['User-Agent', pageContext.userAgent] as const, text, origin],
  ...[['Accept', '*/*'] as const, ['Referer', 'https://shop.example/'] as const],
];

/** analytics.js: a call alone, text/plain, the key in header and body. */
const analyticsJs: Shape = (events, dice) => {
  const event = events.next();
  const stamps = { timestamp: events.iso(), sentAt: events.iso() };
  const messageId = `ajs-next-${events.time}-${event.mark}`;
  const body = { ...event, context: pageContext, integrations: {}, messageId, ...stamps };
  const call = dice.chance(0.8) ? letter(event.type) : event.type;
  const headers = dice.chance(0.5) ? [...browser, authorization] : browser;
  return post(`/v1/${call}`, headers, { ...body, writeKey, _metadata: metadata });
};

const analyticsJsBatch: Shape = (events, dice) => {
  const batch = some(events, dice).map((event) => {
    const messageId = `ajs-next-${events.time}-${event.mark}`;
    return { ...event, context: pageContext, integrations: {}, messageId, writeKey };
  });
  return post('/v1/b', browser, { writeKey, batch, sentAt: events.iso() });
};

/** sendBeacon, as RudderStack's browser SDK uses it: no header of its own, the key in the query. */
const beacon: Shape = (events, dice) => {
  const batch = some(events, dice).map((event) => ({
    ...event,
    channel: 'web',
    context: { ...pageContext, ...library('RudderLabs JavaScript SDK', '3.34.1') },
    originalTimestamp: events.iso(),
    messageId: `rudder-${event.mark}`,
    userId: event['userId'] ?? '',
    anonymousId: event['anonymousId'] ?? 'anon-of-beacon',
    integrations: { All: true },
  }));
  const target = `/beacon/v1/batch?writeKey=${writeKey}`;
  return post(target, browser, { batch, sentAt: events.iso() });
};

/** What all server libraries share: a batch of events with a library each. */
function serverBatch(events: Events, dice: Random, context: JsonObject): JsonObject[] {
  return some(events, dice, 8).map((event) => ({
    ...event,
    context,
    integrations: {},
    timestamp: events.iso(),
    messageId: `srv-${event.mark}`,
  }));
}

const node: Shape = (events, dice) =>
  post('/v1/batch', [json, authorization, ['User-Agent', 'analytics-node-next/latest']], {
    batch: serverBatch(events, dice, library('@segment/analytics-node', '3.1.0')),
    writeKey,
    sentAt: events.iso(),
  });

/** Both ids, one of them null; no Authorization; sometimes gzip. */
const python: Shape = (events, dice) => {
  const batch = serverBatch(events, dice, library('analytics-python', '2.3.4')).map((event) => ({
    userId: null,
    anonymousId: null,
    ...event,
  }));
  const headers = [json, ['User-Agent', 'analytics-python/2.3.4'] as const];
  const request = post('/v1/batch', headers, { batch, writeKey, sentAt: events.iso() });
  return dice.chance(0.5) ? zipped(request) : request;
};

/** Nanoseconds, a messageId of the batch, no key in the body. */
const go: Shape = (events, dice) => {
  const batch = serverBatch(events, dice, library('analytics-go', '3.3.0'));
  const timestamp = events.iso().replace('Z', '123456Z');
  return post('/v1/batch', [json, authorization, ['User-Agent', 'analytics-go (version: 3.3.0)']], {
    messageId: `go-${events.time}`,
    sentAt: timestamp,
    batch: batch.map((event) => ({ ...event, timestamp })),
    context: library('analytics-go', '3.3.0'),
  });
};

const ruby: Shape = (events, dice) =>
  post(
    '/v1/import',
    [json, ['Accept', 'application/json'], authorization, ['User-Agent', 'analytics-ruby/2.5.0']],
    { sentAt: events.iso(), batch: serverBatch(events, dice, library('analytics-ruby', '2.5.0')) },
  );

const php: Shape = (events, dice) => {
  const batch = serverBatch(events, dice, library('analytics-php', '3.8.0'));
  const request = post('/v1/batch', [json, authorization], { batch, sentAt: events.iso() });
  return dice.chance(0.3) ? zipped(request) : request;
};

const java: Shape = (events, dice) =>
  post('/v1/import/', [json, authorization, ['X-Retry-Count', '0']], {
    batch: serverBatch(events, dice, library('java', '3.5.1')),
    sentAt: events.iso(),
    context: { library: { name: 'analytics-java', version: '3.5.1' } },
    sequence: dice.between(1, 99),
    writeKey,
  });

/** gzip in chunks without a length; the keys come behind the batch. */
const kotlin: Shape = (events, dice) => {
  const batch = serverBatch(events, dice, library('analytics-kotlin', '1.19.2'));
  const headers = [text, ['User-Agent', 'analytics-kotlin/1.19.2'] as const];
  const body = { batch, sentAt: events.iso(), writeKey };
  return { ...zipped(post('/v1/b', headers, body)), framing: inChunks(8_192) };
};

const android: Shape = (events, dice) => {
  const request = kotlin(events, dice);
  const headers = [host, json, ['Content-Encoding', 'gzip'] as const];
  return { ...request, target: '/v1/import', headers };
};

const swift: Shape = (events, dice) =>
  post(
    '/v1/b',
    [
      ['Content-Type', 'application/json; charset=utf-8'],
      ['User-Agent', 'analytics-ios/1.9.1'],
      ['Accept-Encoding', 'gzip'],
    ],
    {
      batch: serverBatch(events, dice, library('analytics-swift', '1.9.1')),
      sentAt: events.iso(),
      writeKey,
    },
  );

/** gzip that calls itself a form. */
const rudderNode: Shape = (events, dice) => ({
  ...post('/v1/batch', [['Content-Type', 'application/x-www-form-urlencoded'], authorization], {
    batch: serverBatch(events, dice, library('analytics-node', '3.0.13')),
    sentAt: events.iso(),
  }),
  coding: packed,
});

const curl: Shape = (events) => {
  const event = events.next();
  return post(`/v1/${event.type}`, [authorization, json, ['User-Agent', 'curl/8.5.0']], event);
};

const segmentstream: Shape = (events, dice) => {
  const { mark, userId, anonymousId } = events.next('track');
  const body = {
    hitId: `hit-${mark}`,
    sentAt: events.iso(),
    event: {
      ...{ mark, category: 'Auth', name: 'Registered', label: 'some label' },
      user: { userId, anonymousId, emailHash: 'eff8c37862c7a2f0', firstName: 'John' },
      nonInteraction: false,
    },
    context: { ip: '123.22.33.55' },
    ...(dice.chance(0.3) && { integrations: {} }),
  };
  return post('/track', [authorization, json], body);
};

const pixelBase64: Shape = (events, dice) => {
  const event = events.next(dice.pick(['track', 'page', 'identify']));
  const data = Buffer.from(JSON.stringify({ ...event, writeKey, messageId: `px-${event.mark}` }));
  const folder = event.type !== 'identify' && dice.chance(0.3) ? '/pixel/v1' : '/v1/pixel';
  return get(`${folder}/${event.type}?data=${data.toString('base64url')}`);
};

const pixelDotted: Shape = (events) => {
  const { mark, userId, anonymousId } = events.next('track');
  const ids = [
    ...(userId === undefined ? [] : [`userId=${String(userId)}`]),
    ...(anonymousId === undefined ? [] : [`anonymousId=${String(anonymousId)}`]),
  ];
  const fields = [`mark=${mark}`, 'event=Opened', 'properties.mail.subject=a%20b', ...ids];
  return get(`/v1/pixel/track?${[...fields, `writeKey=${writeKey}`].join('&')}`);
};

const telemetry: Shape = () =>
  post('/v1/m', browser, {
    series: [{ type: 'Counter', metric: 'analytics_js.invoke', value: 1, tags: { library: 'x' } }],
  });

const preflight: Shape = () => ({
  ...get('/v1/t', [
    origin,
    ['Access-Control-Request-Method', 'POST'],
    ['Access-Control-Request-Headers', 'authorization,content-type,x-retry-count'],
  ]),
  method: 'OPTIONS',
});

const token: Shape = () => ({
  ...post('/token', [['Content-Type', 'application/x-www-form-urlencoded']], {}),
  body: Buffer.from(
    'grant_type=client_credentials&scope=tracking_api%3Awrite&client_assertion=a.b.c' +
      '&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer',
  ),
});

const elsewhere: Shape = (_, dice) =>
  dice.pick([
    get(`/v1/projects/${writeKey}/settings`, [origin]),
    get(`/projects/${writeKey}/settings`),
    get(`/analytics.js/v1/${writeKey}/analytics.min.js`, [['Accept-Encoding', 'gzip, br']]),
    get('/analytics-next/bundles/ajs-destination.bundle.js'),
    get(`/sourceConfig?p=web&v=3&writeKey=${writeKey}`, [authorization]),
    get('/health'),
    get('/api/sources', [['Authorization', 'Bearer nobody']]),
    post('/api/sources', [json], { name: 'x' }),
    post('/v1/set', [json, authorization], { collection: 'users', objects: [{ id: '1' }] }),
    post('/v0/start', [json, authorization], {}),
    post('/v1/attribution', [json], {}),
    token(eventsOf(0, dice), dice),
  ]);

/** How often each shape is drawn. */
const shapes: readonly (readonly [weight: number, shape: Shape])[] = [
  ...([
    [8, analyticsJs],
    [4, analyticsJsBatch],
    [3, beacon],
    [6, node],
    [6, python],
  ] as const),
  ...([
    [3, go],
    [3, ruby],
    [3, php],
    [3, java],
    [5, kotlin],
    [2, android],
    [3, swift],
  ] as const),
  ...([
    [2, rudderNode],
    [4, curl],
    [4, segmentstream],
    [4, pixelBase64],
  ] as const),
  ...([
    [2, pixelDotted],
    [1, telemetry],
    [2, preflight],
    [1, token],
    [6, elsewhere],
  ] as const),
];
const total = shapes.reduce((sum, [weight]) => sum + weight, 0);

/** A request as some client of ours, or of those we are to be taken for, sends it. */
export function drawRequest(events: Events, dice: Random): WireRequest {
  let left = dice.between(0, total - 1);
  for (const [weight, shape] of shapes) {
    left -= weight;
    if (left < 0) return shape(events, dice);
  }
  return curl(events, dice);
}
