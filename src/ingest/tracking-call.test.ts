import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { statuses, wire } from './testing/exchange.ts';
import { auth, basic, errorOf, type IngestRig, startIngest } from './testing/ingest-rig.ts';

const start = async (context: TestContext): Promise<IngestRig> =>
  startIngest(context, await openMemoryLogEngine({ clock: new ManualClock() }));

const event = { userId: 'u1', event: 'Bought', messageId: 'm1' };
const encode = (text: string) => Buffer.from(text).toString('base64');

test('every call has a long and a short path, with or without a trailing slash, and answers 200 with success', async (context) => {
  const rig = await start(context);
  const body = { ...event, groupId: 'g', previousId: 'p', name: 'n' };
  const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias'];
  for (const call of calls) {
    for (const path of [`/v1/${call}`, `/v1/${call}/`, `/v1/${call[0]}`, `//v1/${call}?x=1`]) {
      const answer = await rig.post(path, body);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.text, '{"success":true}');
      assert.equal(answer.headers['content-type'], 'application/json');
      assert.ok(answer.headers.date);
    }
  }
  const stored = await rig.stored();
  assert.deepEqual(
    stored.map(({ meta }) => meta.call),
    calls.flatMap((call) => [call, call, call, call]),
  );
});

test('batch, import and b are one endpoint', async (context) => {
  const rig = await start(context);
  for (const path of ['/v1/batch', '/v1/import', '/v1/import/', '/v1/b']) {
    const answer = await rig.post(path, { batch: [{ type: 'track', ...event }] });
    assert.equal(answer.text, '{"success":true}', path);
  }
  const stored = await rig.stored();
  assert.equal(stored.length, 4);
  assert.ok(stored.every(({ meta }) => meta.call === undefined && meta.refused === undefined));
});

test('the record holds the original bytes, the moment of receipt, the address and the user agent', async (context) => {
  const rig = await start(context);
  const body = '{ "userId":"ü", "event":"Bought","messageId":"m" , "x":1.0}';
  await rig.post('/v1/track', body, { ...auth, 'User-Agent': `"agent"${'x'.repeat(2000)}` });
  const [record] = await rig.stored();
  assert.equal(record?.text, body);
  assert.equal(record?.source, 'src');
  assert.equal(record?.meta.t, rig.clock.now());
  assert.equal(record?.meta.ip, '127.0.0.1');
  assert.equal(record?.meta.ua?.length, 1024);
  assert.equal(record?.meta.nonce, undefined);
});

test('a nonce is drawn only when an event brings no messageId', async (context) => {
  const rig = await start(context);
  for (const messageId of ['m', '', null]) await rig.post('/v1/track', { ...event, messageId });
  await rig.post('/v1/batch', { batch: [{ type: 'track', userId: 'u', event: 'E' }] });
  const stored = await rig.stored();
  assert.deepEqual(
    stored.map(({ meta }) => meta.nonce?.length),
    [undefined, 32, 32, 32],
  );
});

test('the write key is taken from a Basic header with or without colon, newline or capitals', async (context) => {
  const rig = await start(context);
  for (const text of ['key:', 'key', 'key\n', 'key:password', 'key:\n']) {
    for (const scheme of ['Basic', 'basic']) {
      const answer = await rig.post('/v1/track', event, {
        Authorization: `${scheme} ${encode(text)}`,
      });
      assert.equal(answer.status, 200, text);
    }
  }
});

test('the write key is taken from the body, the batch tail, an item or the query', async (context) => {
  const rig = await start(context);
  const item = { type: 'track', ...event };
  const bodies: [string, string][] = [
    ['/v1/track', JSON.stringify({ ...event, writeKey: 'key' })],
    ['/v1/track', JSON.stringify({ ...event, write_key: 'key' })],
    [
      '/v1/b',
      `{"batch":[${JSON.stringify(item)}],"sentAt":"2026-11-20T10:00:00Z","writeKey":"key"}`,
    ],
    ['/v1/batch', JSON.stringify({ batch: [item, { ...item, writeKey: 'key' }] })],
    ['/v1/track?a=b&writeKey=key', JSON.stringify(event)],
  ];
  for (const [path, body] of bodies) {
    assert.equal((await rig.post(path, body, {})).status, 200, body);
  }
  const bearer = { Authorization: 'Bearer token' };
  assert.equal((await rig.post('/v1/track', { ...event, writeKey: 'key' }, bearer)).status, 200);
});

test('a key in the header wins over one in the body, and that over one in the query', async (context) => {
  const rig = await start(context);
  const wrong = { Authorization: `Basic ${encode('nobody:')}` };
  assert.equal((await rig.post('/v1/track', { ...event, writeKey: 'key' }, wrong)).status, 401);
  await rig.post('/v1/track', { ...event, writeKey: 'offkey' });
  const inBody = { ...event, writeKey: 'nobody' };
  assert.equal((await rig.post('/v1/track?writeKey=key', inBody, {})).status, 401);
  const empty = { Authorization: `Basic ${encode(':')}` };
  assert.equal((await rig.post('/v1/track', { ...event, writeKey: 'key' }, empty)).status, 200);
  assert.deepEqual(
    (await rig.stored()).map(({ source }) => source),
    ['src', 'src'],
  );
});

test('a missing or unknown key is 401 in a shape every client reads, and nothing is recorded', async (context) => {
  const rig = await start(context);
  const answer = await rig.post('/v1/track', event, {});
  assert.equal(answer.status, 401);
  const message = 'Invalid write key';
  assert.deepEqual(answer.json, {
    success: false,
    error: { type: 'authentication_error', code: 'authentication_error', message },
    code: 'authentication_error',
    message,
  });
  assert.deepEqual(await rig.stored(), []);
});

test('all keys of a source are taken alike, and a new snapshot counts at once', async (context) => {
  const rig = await start(context);
  const source = { id: 'src', slug: 's', name: 's', enabled: true, limits: {} };
  await rig.post('/v1/track', event);
  rig.configure([{ ...source, writeKeys: ['old', 'new'] }]);
  const by = (key: string) =>
    rig.post('/v1/track', event, { Authorization: `Basic ${encode(`${key}:`)}` });
  assert.deepEqual(
    await Promise.all(['old', 'new', 'key'].map(async (key) => (await by(key)).status)),
    [200, 200, 401],
  );
  rig.configure([{ ...source, writeKeys: ['new'] }]);
  assert.equal((await by('old')).status, 401);
});

test('a disabled source is answered 200 and its request is recorded as a discard', async (context) => {
  const rig = await start(context);
  const answer = await rig.post('/v1/track', { ...event, writeKey: 'offkey' }, {});
  assert.equal(answer.text, '{"success":true}');
  const [record] = await rig.stored();
  assert.equal(record?.source, 'off');
  assert.equal(record?.meta.discard, 'source_disabled');
});

test('JSON is read whatever the Content-Type says', async (context) => {
  const rig = await start(context);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'image/png', '']) {
    const answer = await rig.post('/v1/track', event, { ...auth, 'Content-Type': type });
    assert.equal(answer.status, 200, type);
  }
});

test('a gzipped and chunked text/plain batch with its keys behind the batch is taken', async (context) => {
  const rig = await start(context);
  const tail = '"sentAt":"2026-11-20T10:00:00.000Z","writeKey":"key"';
  const text = `{"batch":[{"type":"track","userId":"u","event":"E","messageId":"m"}],${tail}}`;
  const body = gzipSync(text);
  const answer = await rig.send({
    path: '/v1/b',
    headers: { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' },
    body: [body.subarray(0, 10), body.subarray(10)],
  });
  assert.equal(answer.text, '{"success":true}');
  assert.equal((await rig.stored())[0]?.text, text);
});

test('gzip is known by its first bytes, however the body is labelled', async (context) => {
  const rig = await start(context);
  const plain = JSON.stringify(event);
  const labelled = { ...auth, 'Content-Encoding': 'gzip' };
  const bodies: [Record<string, string>, string | Buffer][] = [
    [auth, gzipSync(plain)],
    [labelled, plain],
    [{ ...auth, 'Content-Encoding': 'GZIP' }, gzipSync(plain)],
    [{ ...auth, 'Content-Encoding': 'identity' }, plain],
  ];
  for (const [headers, body] of bodies) {
    assert.equal((await rig.send({ path: '/v1/track', headers, body })).status, 200);
  }
  assert.ok((await rig.stored()).every(({ text }) => text === plain));
});

test('another encoding is 415, broken gzip is 400', async (context) => {
  const rig = await start(context);
  for (const encoding of ['br', 'deflate', 'gzip, gzip']) {
    const headers = { ...auth, 'Content-Encoding': encoding };
    assert.equal((await rig.send({ path: '/v1/track', headers, body: 'x' })).status, 415);
  }
  for (const body of [gzipSync('{}').subarray(0, 15), Buffer.from([0x1f, 0x8b, 8, 1, 2, 3])]) {
    const answer = await rig.send({ path: '/v1/track', headers: auth, body });
    assert.equal(answer.status, 400);
  }
  assert.deepEqual(await rig.stored(), []);
});

test('what is not a JSON object is 400 and not recorded', async (context) => {
  const rig = await start(context);
  for (const body of ['', '{', 'null', '[]', '"text"', '7', '{"a":1}x', "{'a':1}", '\u0000']) {
    const answer = await rig.send({ path: '/v1/track', headers: auth, body });
    assert.equal(answer.status, 400, body);
    assert.equal(answer.json['code'], 'validation_error');
  }
  assert.deepEqual(await rig.stored(), []);
});

test('a byte order mark is no part of the body', async (context) => {
  const rig = await start(context);
  const body = `\ufeff${JSON.stringify(event)}`;
  assert.equal((await rig.send({ path: '/v1/track', headers: auth, body })).status, 200);
  assert.equal((await rig.stored())[0]?.text, JSON.stringify(event));
});

test('a refused single event is 400 with its field, and recorded as a discard first', async (context) => {
  const rig = await start(context);
  const answer = await rig.post('/v1/track', { userId: 'u' });
  assert.equal(answer.status, 400);
  const message = 'Missing required field: event';
  assert.deepEqual(answer.json, {
    success: false,
    error: { type: 'validation_error', code: 'event_not_defined', message, field: 'event' },
    code: 'validation_error',
    message,
  });
  const ids = await rig.post('/v1/track', { event: 'E' });
  const expected = 'Missing required field: userId or anonymousId';
  const type = 'validation_error';
  assert.deepEqual(errorOf(ids), { type, code: 'no_user_anon_id', message: expected });
  assert.deepEqual(
    (await rig.stored()).map(({ meta }) => meta.refused),
    [[[0, 'event_not_defined', 'event']], [[0, 'no_user_anon_id']]],
  );
});

test('a numeric userId is refused, not coerced', async (context) => {
  const rig = await start(context);
  const answer = await rig.post('/v1/identify', { userId: 123 });
  assert.equal(answer.status, 400);
  const message = 'Field must be a string: userId';
  const error = { type: 'validation_error', code: 'id_not_string', message, field: 'userId' };
  assert.deepEqual(errorOf(answer), error);
});

test('the path decides the type of a single event', async (context) => {
  const rig = await start(context);
  assert.equal((await rig.post('/v1/track', { ...event, type: 'page' })).status, 200);
  assert.equal((await rig.stored())[0]?.meta.call, 'track');
});

test('SDK telemetry is answered without a key and thrown away', async (context) => {
  const rig = await start(context);
  const answer = await rig.send({ path: '/v1/m', body: '{"series":[]}' });
  assert.equal(answer.text, '{"success":true}');
  assert.deepEqual(await rig.stored(), []);
});

test('hostile keys, NUL bytes, invalid UTF-8 and duplicate keys are data like other', async (context) => {
  const rig = await start(context);
  const bodies = [
    '{"userId":"u","event":"E","__proto__":{"event":1},"constructor":{"prototype":{"x":1}}}',
    '{"userId":"u\\u0000","event":"E\\u0000"}',
    Buffer.concat([
      Buffer.from('{"userId":"u","event":"'),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from('"}'),
    ]),
    '{"userId":1,"userId":"u","event":"E"}',
  ];
  for (const body of bodies) {
    const answer = await rig.send({ path: '/v1/track', headers: auth, body });
    assert.equal(answer.status, 200, String(body));
  }
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
  const last = '{"userId":"u","event":"E","event":null}';
  assert.equal((await rig.send({ path: '/v1/track', headers: auth, body: last })).status, 400);
});

test('characters of a messageId are counted as meant, not as bytes', async (context) => {
  const rig = await start(context);
  const status = async (messageId: string) =>
    (await rig.post('/v1/track', { ...event, messageId })).status;
  assert.equal(await status('é'.repeat(100)), 200);
  assert.equal(await status('é'.repeat(101)), 400);
});

test('the Basic header is remembered per whole header, not per key', async (context) => {
  const rig = await start(context);
  for (let round = 0; round < 3; round++) {
    assert.equal((await rig.post('/v1/track', event, { Authorization: basic })).status, 200);
  }
  assert.equal((await rig.stored()).length, 3);
});

test('a request that comes while one before it on the connection is inflated does not overtake it', async (context) => {
  const rig = await start(context);
  const request = (body: Buffer, more = '') =>
    Buffer.concat([
      Buffer.from(
        `POST /v1/batch HTTP/1.1\r\nHost: h\r\nAuthorization: ${basic}\r\n${more}Content-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]);
  const batch = (messageId: string, pad: string) =>
    Buffer.from(JSON.stringify({ batch: [{ type: 'track', ...event, messageId }], pad }));
  const answer = await wire(
    rig.port,
    request(gzipSync(batch('first', 'x'.repeat(400_000)))),
    request(batch('second', '')),
    request(gzipSync(batch('third', 'x'.repeat(300_000)))),
    request(gzipSync(batch('fourth', '')), 'Connection: close\r\n'),
  );
  assert.deepEqual(statuses(answer), [200, 200, 200, 200]);
  const ids = (await rig.stored()).map(({ text }) => JSON.parse(text).batch[0].messageId);
  assert.deepEqual(ids, ['first', 'second', 'third', 'fourth']);
});
