import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type { SourceFunction } from '../../core/functions.ts';
import { recordKinds } from '../../core/records.ts';
import { parseStagedRequest } from '../../core/staged-request.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { sourceConfig, startIngest } from '../testing/ingest-rig.ts';

const code: SourceFunction = {
  version: { id: 'v', kind: 'source', code: '' },
  secrets: [],
  settings: { a: 1 },
};

/** Ingest with a function behind the key `fnkey`. */
async function rig(t: TestContext, limit = 0, failing = () => false) {
  const ingest = await startIngest(t, await openMemoryLogEngine({ clock: systemClock, failing }));
  const limits = { requestsPerSecond: limit };
  ingest.configure([
    sourceConfig('fn', {
      ...{ writeKeys: ['fnkey', 'testkey'], function: code, limits },
      specialKeys: [{ key: 'testkey', test: true }],
    }),
    sourceConfig('off', { writeKeys: ['offkey'], function: code, enabled: false }),
    sourceConfig('bare', { writeKeys: ['barekey'] }),
  ]);
  const hook = (body: string, headers: Record<string, string> = {}, path = '/fn/fnkey?a=b') =>
    ingest.post(path, body, headers);
  return { ...ingest, hook };
}

test('a request is durable before the answer, with its headers, its query and its body as it came', async (t) => {
  const { hook, stored } = await rig(t);
  const answer = await hook('{"x":1}', { Authorization: 'Bearer of-the-sender', 'X-Hook': 'h' });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { success: true });
  const [one, ...others] = await stored();
  assert.deepEqual(others, []);
  assert.equal(one?.kind, recordKinds.webhook);
  assert.equal(one?.source, 'fn');
  assert.equal(one?.meta.test, undefined);
  const { messageId, request } = parseStagedRequest(one?.text ?? '');
  assert.match(messageId, /^[0-9a-f]{32}$/);
  assert.equal(request.body, '{"x":1}');
  assert.match(request.url, /^http:\/\/.*\/fn\/fnkey\?a=b$/);
  assert.equal(request.headers['x-hook'], 'h');
  assert.equal(request.headers['authorization'], 'Bearer of-the-sender');
});

test('forms are taken as they come, and requests by a test key are marked', async (t) => {
  const { hook, stored } = await rig(t);
  const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
  assert.equal((await hook('a=b&c=%C3%A4', form, '/fn/testkey')).status, 200);
  const [one] = await stored();
  assert.equal(parseStagedRequest(one?.text ?? '').request.body, 'a=b&c=%C3%A4');
  assert.equal(one?.meta.test, true);
});

test('what the log does not take is a 503, so that who sent it sends it again', async (t) => {
  const { hook, stored } = await rig(t, 0, () => true);
  const answer = await hook('{}');
  assert.equal(answer.status, 503);
  assert.ok(answer.headers['retry-after']);
  assert.deepEqual(await stored(), []);
});

test('an unknown key, a source without a function, a wrong type or size, and another method are refused', async (t) => {
  const { hook, send, stored } = await rig(t);
  assert.equal((await hook('{}', {}, '/fn/nobody')).status, 404);
  assert.equal((await hook('{}', {}, '/fn/barekey')).status, 404);
  assert.equal((await hook('{}', { 'Content-Type': 'text/plain' })).status, 415);
  assert.equal((await hook('{}', { 'Content-Encoding': 'gzip' })).status, 415);
  assert.equal((await hook('x'.repeat(512 * 1_024 + 1))).status, 400);
  assert.equal((await send({ method: 'GET', path: '/fn/fnkey' })).status, 405);
  assert.deepEqual(await stored(), []);
});

test('of a disabled source the request is a discard, and its function does not run', async (t) => {
  const { hook, stored } = await rig(t);
  assert.equal((await hook('{}', {}, '/fn/offkey')).status, 200);
  const [one] = await stored();
  assert.equal(one?.kind, recordKinds.request);
  assert.equal(one?.meta.discard, 'source_disabled');
});

test('the rate of the source holds', async (t) => {
  const { hook } = await rig(t, 1);
  assert.equal((await hook('{}')).status, 200);
  assert.equal((await hook('{}')).status, 429);
});
