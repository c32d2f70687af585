import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { DeliveryResult, Lane } from '../../core/destination.ts';
import type { Event } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Answer, bodyOf, loopbackServer } from '../../core/testing/loopback-server.ts';
import { plainHttp } from './testing/plain-http.ts';
import { webhooksDestination } from './webhooks.ts';

const time = '2026-11-20T00:00:00.000Z';
const event: Event = {
  type: 'track',
  messageId: 'm',
  event: 'Größe',
  context: {},
  integrations: {},
  timestamp: time,
  originalTimestamp: time,
  receivedAt: time,
};
/** Spaces show that the text is sent as stored, not made anew. */
const text = JSON.stringify(event, null, 1);

async function serve(t: TestContext, listener: Answer) {
  const server = await loopbackServer(listener);
  t.after(() => server.close());
  return server;
}

const owner = { connection: 'd', subscriptions: [] };

function lanesOf(settings: JsonObject): readonly Lane[] {
  const result = webhooksDestination.lanes(settings, owner);
  assert.ok(result.ok);
  return result.lanes;
}

async function send(lane: Lane | undefined): Promise<DeliveryResult> {
  assert.ok(lane !== undefined);
  const { signal } = new AbortController();
  return await lane.send(event, {
    http: plainHttp,
    signal,
    text,
    options: {},
    attempt: 1,
    now: Date.now,
  });
}

test('the stored text is posted as JSON, signed with the shared secret', async (t) => {
  const seen: { [name: string]: unknown }[] = [];
  const { url } = await serve(t, async (request, response) => {
    const body = await bodyOf(request);
    seen.push({ ...request.headers, method: request.method, url: request.url, body });
    response.end();
  });
  const settings = { hooks: [`${url}/in?x=1`], sharedSecret: 'geheim', headers: { 'X-Key': 'k' } };
  assert.deepEqual(await send(lanesOf(settings)[0]), { kind: 'delivered', status: 200 });
  const [got] = seen;
  assert.equal(got?.['method'], 'POST');
  assert.equal(got?.['url'], '/in?x=1');
  assert.equal(got?.['content-type'], 'application/json');
  assert.equal(got?.['x-key'], 'k');
  assert.equal(got?.['body'], text);
  const expected = createHmac('sha1', 'geheim').update(Buffer.from(text)).digest('hex');
  assert.equal(got?.['x-signature'], expected);
});

test('without a secret there is no signature, and a configured User-Agent wins', async (t) => {
  let headers: { [name: string]: unknown } = {};
  const { url } = await serve(t, (request, response) => {
    headers = request.headers;
    request.resume();
    response.end();
  });
  await send(lanesOf({ hooks: url, headers: { 'User-Agent': 'mine' } })[0]);
  assert.equal(headers['x-signature'], undefined);
  assert.equal(headers['user-agent'], 'mine');
});

test('every URL is a lane of its own, with an id that stays with the URL', () => {
  const one = lanesOf({ hooks: ['http://a/', 'http://b/'] }).map(({ id }) => id);
  const other = lanesOf({ hooks: ['http://b/', 'http://a/'], sharedSecret: 's' });
  assert.equal(new Set(one).size, 2);
  assert.deepEqual(other.map(({ id }) => id).sort(), one.sort());
  assert.doesNotMatch(one.join(), /http/);
});

test('settings that cannot work say so', () => {
  const result = webhooksDestination.lanes({ hooks: [] }, owner);
  assert.ok(!result.ok);
  assert.match(result.problem, /hooks/);
});

test('with anyUrl one success is enough, and all are tried', async (t) => {
  let posts = 0;
  const answering = (status: number): Answer => {
    return (request, response) => {
      posts += 1;
      request.resume();
      response.writeHead(status, { 'retry-after': '9' }).end();
    };
  };
  const good = await serve(t, answering(200));
  const down = await serve(t, answering(503));
  const wrong = await serve(t, answering(400));
  const any = (...hooks: string[]) => lanesOf({ hooks, anyUrl: true });
  assert.equal(any(down.url, good.url).length, 1);
  assert.equal((await send(any(down.url, wrong.url, good.url)[0])).kind, 'delivered');
  assert.equal(posts, 3);
  const retry = await send(any(wrong.url, down.url)[0]);
  assert.ok(retry.kind === 'retry' && retry.retryAfterMs === 9_000);
  assert.equal((await send(any(wrong.url)[0])).kind, 'discard');
});

test('a deletion is posted to every URL, signed, and is tried again while one of them fails', async (t) => {
  const seen: { [name: string]: unknown }[] = [];
  let status = 503;
  const { url } = await serve(t, async (request, response) => {
    const body = await bodyOf(request);
    seen.push({ url: request.url, signature: request.headers['x-signature'], body });
    response.writeHead(request.url === '/b' ? status : 200).end();
  });
  const settings = { hooks: [`${url}/a`, `${url}/b`], sharedSecret: 'geheim', anyUrl: true };
  const { signal } = new AbortController();
  const context = { http: plainHttp, signal, regulation: 'r', askedAt: Date.parse(time) };
  const ask = () =>
    webhooksDestination.deleteUser?.({ id: 'd', settings }, { userId: 'u' }, context);
  const failed = await ask();
  assert(failed?.state === 'failed' && failed.retry);
  status = 200;
  assert.deepEqual(await ask(), { state: 'deleted' });
  assert.deepEqual(seen.map((one) => one['url']).toSorted(), ['/a', '/a', '/b', '/b']);
  const body = String(seen[0]?.['body']);
  const event = { type: 'delete', userId: 'u', timestamp: time };
  assert.deepEqual(JSON.parse(body), { ...event, messageId: 'delete-r-u', channel: 'server' });
  const signature = createHmac('sha1', 'geheim').update(body).digest('hex');
  assert.equal(seen[0]?.['signature'], signature);
});
