import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import {
  type FunctionFailure,
  type FunctionOutcome,
  type FunctionRequest,
  notRun,
  type SourceFunction,
} from '../../core/functions.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { errorOf, sourceConfig, startIngest } from '../testing/ingest-rig.ts';

const code: SourceFunction = {
  version: { id: 'v', kind: 'source', code: '' },
  secrets: [],
  settings: { a: 1 },
};

/** Ingest with a function behind the key `fnkey`, which comes to `outcome`. */
async function rig(t: TestContext, outcome: FunctionOutcome | 'never', limit = 0) {
  const asked: { source: string; request: FunctionRequest }[] = [];
  const ingest = await startIngest(t, await openMemoryLogEngine({ clock: systemClock }), {
    runFunction: async (source, given, request) => {
      assert.deepEqual(given, code);
      asked.push({ source, request });
      assert.ok(outcome !== 'never', 'the function runs');
      return { ...notRun('retry', ''), outcome };
    },
  });
  const limits = { requestsPerSecond: limit };
  ingest.configure([
    sourceConfig('fn', { writeKeys: ['fnkey'], function: code, limits }),
    sourceConfig('off', { writeKeys: ['offkey'], function: code, enabled: false }),
    sourceConfig('bare', { writeKeys: ['barekey'] }),
  ]);
  const hook = (body: string, headers: Record<string, string> = {}, path = '/fn/fnkey?a=b') =>
    ingest.post(path, body, headers);
  return { ...ingest, hook, asked };
}

const failed = (failure: FunctionFailure): FunctionOutcome => ({
  kind: 'failed',
  failure,
  message: 'a secret detail',
});

test('what the function sends is durable in the log before the answer, for its source', async (t) => {
  const { hook, stored, asked } = await rig(t, {
    kind: 'emitted',
    calls: [
      { type: 'track', payload: { event: 'E', userId: 'u' } },
      { type: 'identify', payload: { userId: 'u', type: 'never this' } },
    ],
  });
  const answer = await hook('{"x":1}', { Authorization: 'Bearer of-the-sender', 'X-Hook': 'h' });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { success: true });
  const [one, ...others] = await stored();
  assert.deepEqual(others, []);
  assert.equal(one?.source, 'fn');
  assert.deepEqual(JSON.parse(one?.text ?? '').batch, [
    { event: 'E', userId: 'u', type: 'track' },
    { userId: 'u', type: 'identify' },
  ]);
  // Neither the address nor the user agent of the sender is the user's.
  assert.equal(one?.meta.ip, undefined);
  assert.equal(one?.meta.ua, undefined);
  const [{ source, request } = assert.fail()] = asked;
  assert.equal(source, 'fn');
  assert.equal(request.body, '{"x":1}');
  assert.match(request.url, /^http:\/\/.*\/fn\/fnkey\?a=b$/);
  assert.equal(request.headers['x-hook'], 'h');
  assert.equal(request.headers['authorization'], 'Bearer of-the-sender');
});

test('a function that sends nothing is a success', async (t) => {
  const { hook, stored } = await rig(t, { kind: 'emitted', calls: [] });
  assert.equal((await hook('{}')).status, 200);
  assert.deepEqual(await stored(), []);
});

test('what is no call, and an object for warehouses, is a discard', async (t) => {
  const { hook, stored } = await rig(t, {
    kind: 'emitted',
    calls: [
      { type: 'track', payload: { userId: 'u' } },
      { type: 'set', payload: { collection: 'c', id: '1' } },
      { type: 'page', payload: { userId: 'u' } },
    ],
  });
  await hook('{}');
  const [one] = await stored();
  assert.deepEqual(
    one?.meta.refused?.map(([index, name]) => [index, name]),
    [
      [0, 'event_not_defined'],
      [1, 'type_not_supported'],
    ],
  );
});

test('a failure worth repeating is a 503, and nothing is kept', async (t) => {
  for (const failure of [
    'retry',
    'timeout',
    'memory_exceeded',
    'interrupted',
    'overloaded',
  ] as const) {
    await t.test(failure, async (inner) => {
      const { hook, stored } = await rig(inner, failed(failure));
      const answer = await hook('{}');
      assert.equal(answer.status, 503);
      assert.ok(answer.headers['retry-after']);
      assert.deepEqual(await stored(), []);
    });
  }
});

test('any other failure is a discard with the request, and its message is nobody’s outside', async (t) => {
  for (const failure of ['bad_request', 'message_rejected', 'invalid_settings'] as const) {
    await t.test(failure, async (inner) => {
      const { hook, stored } = await rig(inner, failed(failure));
      const answer = await hook('{"x":1}');
      assert.equal(answer.status, 400);
      assert.partialDeepStrictEqual(errorOf(answer), { code: 'function_rejected' });
      assert.ok(!answer.text.includes('secret'));
      const [one] = await stored();
      assert.equal(one?.meta.discard, 'function_rejected');
      assert.equal(JSON.parse(one?.text ?? '').batch[0].body, '{"x":1}');
    });
  }
});

test('an unknown key, a source without a function, a wrong type or size, and another method are refused', async (t) => {
  const { hook, send, stored } = await rig(t, 'never');
  assert.equal((await hook('{}', {}, '/fn/nobody')).status, 404);
  assert.equal((await hook('{}', {}, '/fn/barekey')).status, 404);
  assert.equal((await hook('{}', { 'Content-Type': 'text/plain' })).status, 415);
  assert.equal((await hook('{}', { 'Content-Encoding': 'gzip' })).status, 415);
  assert.equal((await hook('x'.repeat(512 * 1_024 + 1))).status, 400);
  assert.equal((await send({ method: 'GET', path: '/fn/fnkey' })).status, 405);
  assert.deepEqual(await stored(), []);
});

test('of a disabled source the request is a discard, and its function does not run', async (t) => {
  const { hook, stored } = await rig(t, 'never');
  assert.equal((await hook('{}', {}, '/fn/offkey')).status, 200);
  const [one] = await stored();
  assert.equal(one?.meta.discard, 'source_disabled');
});

test('the rate of the source holds', async (t) => {
  const { hook } = await rig(t, { kind: 'emitted', calls: [] }, 1);
  assert.equal((await hook('{}')).status, 200);
  assert.equal((await hook('{}')).status, 429);
});
