import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { wire } from './testing/exchange.ts';
import { auth, errorOf, type IngestRig, sourceConfig, startIngest } from './testing/ingest-rig.ts';

const start = async (context: TestContext, requestsPerSecond = 0): Promise<IngestRig> => {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  return startIngest(context, engine, { requestsPerSecond });
};

const event = { userId: 'u', event: 'E', messageId: 'm' };
const origin = { Origin: 'https://shop.example' };

test('a single event takes 32,768 bytes and not one more, inflated or not', async (context) => {
  const rig = await start(context);
  const frame = JSON.stringify({ ...event, x: '' }).length;
  for (const [bytes, status] of [
    [32_768, 200],
    [32_769, 400],
  ] as const) {
    const body = JSON.stringify({ ...event, x: 'x'.repeat(bytes - frame) });
    assert.equal((await rig.post('/v1/track', body)).status, status);
    const withKey = JSON.stringify({ ...event, writeKey: 'key', x: '' });
    const filled = withKey.replace('"x":""', `"x":"${'x'.repeat(bytes - withKey.length)}"`);
    assert.equal((await rig.post('/v1/track', filled, {})).status, status);
    const packed = { path: '/v1/track', headers: auth, body: gzipSync(body) };
    assert.equal((await rig.send(packed)).status, status);
  }
});

test('a gzip bomb is 400: it is not inflated beyond the limit', async (context) => {
  const rig = await start(context);
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
  assert.ok(bomb.length < 512_000);
  for (const path of ['/v1/batch', '/v1/track']) {
    const answer = await rig.send({ path, headers: auth, body: bomb });
    assert.equal(answer.status, 400);
    assert.equal(Object(errorOf(answer)).code, 'payload_too_large');
  }
  const nameless = await rig.send({ path: '/v1/batch', headers: {}, body: bomb });
  assert.equal(nameless.status, 400);
});

test('every answer says what is left of the rate, and 429 when to come back', async (context) => {
  const rig = await start(context, 2);
  const first = await rig.post('/v1/track', event);
  const epoch = Math.floor(rig.clock.now() / 1000) + 1;
  assert.equal(first.headers['x-ratelimit-limit'], '2');
  assert.equal(first.headers['x-ratelimit-remaining'], '1');
  assert.equal(first.headers['x-ratelimit-reset'], String(epoch));
  assert.equal((await rig.post('/v1/track', {})).headers['x-ratelimit-remaining'], '0');
  const third = await rig.post('/v1/track', event);
  assert.equal(third.status, 429);
  assert.equal(third.headers['retry-after'], '1');
  assert.equal(third.headers['x-ratelimit-reset'], '1');
  assert.equal(third.headers['x-ratelimit-remaining'], '0');
  const message = 'Rate limit exceeded';
  const type = 'rate_limit_exceeded';
  assert.deepEqual(errorOf(third), { type, code: type, message, retryAfter: 1 });
  rig.clock.advance(500);
  assert.equal((await rig.post('/v1/track', event)).status, 200);
  assert.equal((await rig.post('/v1/track', event)).status, 429);
  assert.equal((await rig.stored()).length, 3);
});

test('a bucket holds one second of requests at most, however long nothing came', async (context) => {
  const rig = await start(context, 3);
  rig.clock.advance(3_600_000);
  const answers = [];
  for (let count = 0; count < 4; count++) answers.push((await rig.post('/v1/track', event)).status);
  assert.deepEqual(answers, [200, 200, 200, 429]);
});

test('requests are counted, not events, and each source by itself', async (context) => {
  const rig = await start(context, 1);
  rig.configure([
    sourceConfig('src', { writeKeys: ['key'] }),
    sourceConfig('two', { writeKeys: ['two'], limits: { requestsPerSecond: 2 } }),
  ]);
  const batch = { batch: Array(50).fill({ type: 'track', ...event }) };
  assert.equal((await rig.post('/v1/batch', batch)).status, 200);
  assert.equal((await rig.post('/v1/batch', batch)).status, 429);
  const other = { ...event, writeKey: 'two' };
  const answer = await rig.post('/v1/track', other, {});
  assert.equal(answer.headers['x-ratelimit-limit'], '2');
  assert.equal((await rig.post('/v1/track', other, {})).status, 200);
  assert.equal((await rig.post('/v1/track', other, {})).status, 429);
});

test('with the rate off the headers show the standard figure, also where no source is known', async (context) => {
  const rig = await start(context, 0);
  for (const headers of [auth, {}]) {
    const answer = await rig.post('/v1/track', event, headers);
    assert.equal(answer.headers['x-ratelimit-limit'], '1000');
    assert.equal(answer.headers['x-ratelimit-remaining'], '1000');
    assert.ok(Number(answer.headers['x-ratelimit-reset']) > 1_700_000_000);
  }
});

test('a preflight is 204 and allows what was asked for', async (context) => {
  const rig = await start(context);
  const wanted = 'authorization, content-type, x-retry-count';
  for (const path of ['/v1/t', '/v1/batch/', '/v1/m', '/v1/unknown', '/v1/projects/key/settings']) {
    const answer = await rig.send({
      method: 'OPTIONS',
      path,
      headers: { ...origin, 'Access-Control-Request-Headers': wanted },
    });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['access-control-allow-origin'], origin.Origin);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.equal(answer.headers['access-control-allow-headers'], wanted);
    assert.match(String(answer.headers['access-control-allow-methods']), /POST|GET/);
    assert.equal(answer.headers['access-control-max-age'], '86400');
    assert.match(String(answer.headers.vary), /Origin/);
  }
});

test('every answer to a page of another origin may be read by it, with Retry-After', async (context) => {
  const rig = await start(context, 1);
  const taken = await rig.post('/v1/track', event, { ...auth, ...origin });
  const limited = await rig.post('/v1/track', event, { ...auth, ...origin });
  const unknown = await rig.post('/v1/track', event, origin);
  assert.deepEqual([taken.status, limited.status, unknown.status], [200, 429, 401]);
  for (const answer of [taken, limited, unknown]) {
    assert.equal(answer.headers['access-control-allow-origin'], origin.Origin);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.equal(answer.headers.vary, 'Origin');
    const exposed = String(answer.headers['access-control-expose-headers']);
    for (const name of ['Retry-After', 'X-RateLimit-Limit', 'X-RateLimit-Remaining']) {
      assert.ok(exposed.includes(name));
    }
  }
  const plain = await rig.post('/v1/track', event);
  assert.equal(plain.headers['access-control-allow-origin'], undefined);
});

test('an answer that no source is asked for shows the standard rate: preflight, settings, telemetry, 404, rubbish', async (context) => {
  const rig = await start(context, 5);
  const answers = [
    await rig.send({ method: 'OPTIONS', path: '/v1/t', headers: origin }),
    await rig.send({ method: 'GET', path: '/v1/projects/key/settings' }),
    await rig.send({ path: '/v1/m', body: '{}' }),
    await rig.send({ path: '/v1/nothing' }),
  ];
  for (const { headers } of answers) {
    assert.equal(headers['x-ratelimit-limit'], '1000');
    assert.equal(headers['x-ratelimit-remaining'], '1000');
    assert.equal(headers['x-ratelimit-reset'], answers[0]?.headers['x-ratelimit-reset']);
  }
  const broken = await wire(rig.port, 'rubbish\r\n\r\n');
  assert.match(
    broken,
    /^X-RateLimit-Limit: 1000\r\nX-RateLimit-Remaining: 1000\r\nX-RateLimit-Reset: \d+\r$/im,
  );
});

test('a wrong method is 405 with Allow, an unknown path 404, never 500', async (context) => {
  const rig = await start(context);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'PROPFIND']) {
    const answer = await rig.send({ method, path: '/v1/track' });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.allow, 'POST, OPTIONS');
  }
  const wrong = await rig.send({ path: '/v1/projects/key/settings' });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS');
  for (const path of ['/v1', '/v1/', '/v1/nothing', '/v1/track/more', '/v1/%zz', '/v1/../v1/x']) {
    const answer = await rig.send({ path });
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json['success'], false);
    assert.equal(answer.json['code'], 'not_found');
  }
});

test('while the log refuses or the disk is full the answer is 503 with Retry-After, and recovers', async (context) => {
  let [isFailing, hasRoom] = [true, true];
  const engine = await openMemoryLogEngine({
    clock: new ManualClock(),
    failing: () => isFailing,
    hasRoom: () => hasRoom,
  });
  const rig = await startIngest(context, engine);
  const refuses = async () => {
    for (const body of [event, {}]) {
      const answer = await rig.post('/v1/track', body);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers['retry-after'], '5');
      assert.equal(answer.json['code'], 'log_unavailable');
      assert.equal(Object(errorOf(answer)).retryAfter, 5);
    }
  };
  await refuses();
  [isFailing, hasRoom] = [false, false];
  await refuses();
  hasRoom = true;
  assert.equal((await rig.post('/v1/track', event)).status, 200);
  assert.equal((await rig.stored()).length, 1);
});
