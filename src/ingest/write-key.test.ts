import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { WriteKeyConfig } from '../core/snapshot.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import type { KeyUse } from './key-use.ts';
import { errorOf, sourceConfig, startIngest } from './testing/ingest-rig.ts';

const event = { userId: 'u', event: 'E' };
const minute = 60_000;

async function rigWith(t: TestContext, ...specialKeys: readonly WriteKeyConfig[]) {
  const uses: KeyUse[] = [];
  const rig = await startIngest(t, await openMemoryLogEngine({ clock: new ManualClock() }), {
    keysUsed: (some) => uses.push(...some),
  });
  const writeKeys = ['plain', ...specialKeys.map(({ key }) => key)];
  rig.configure([sourceConfig('src', { writeKeys, specialKeys })]);
  const send = (key: string) => rig.post('/v1/track', { ...event, writeKey: key }, {});
  const sendBasic = (key: string) =>
    rig.post('/v1/track', event, {
      Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    });
  return { rig, uses, send, sendBasic };
}

test('several keys of a source are valid side by side, and one that is removed is refused', async (t) => {
  const { rig, sendBasic } = await rigWith(t);
  rig.configure([sourceConfig('src', { writeKeys: ['old', 'new'] })]);
  assert.equal((await sendBasic('old')).status, 200);
  assert.equal((await sendBasic('new')).status, 200);
  rig.configure([sourceConfig('src', { writeKeys: ['new'] })]);
  assert.equal((await sendBasic('old')).status, 401);
  assert.equal((await sendBasic('new')).status, 200);
});

test('a key is refused from the moment on that it expires at, without a new configuration', async (t) => {
  const expiresAt = Date.UTC(2026, 10, 20, 10) + minute;
  const { rig, send, sendBasic } = await rigWith(t, { key: 'brief', expiresAt });
  assert.equal((await sendBasic('brief')).status, 200);
  rig.clock.advance(minute - 1);
  assert.equal((await send('brief')).status, 200);
  rig.clock.advance(1);
  const refused = await sendBasic('brief');
  assert.equal(refused.status, 401);
  assert.partialDeepStrictEqual(errorOf(refused), { message: 'Invalid write key' });
  assert.equal((await send('brief')).status, 401);
  assert.equal((await sendBasic('plain')).status, 200);
});

test('a key that expires in months is not looked for before, and still expires', async (t) => {
  const expiresAt = Date.UTC(2026, 10, 20, 10) + 90 * 24 * 60 * minute;
  const { rig, sendBasic } = await rigWith(t, { key: 'long', expiresAt });
  rig.clock.advance(89 * 24 * 60 * minute);
  assert.equal((await sendBasic('long')).status, 200);
  rig.clock.advance(24 * 60 * minute);
  assert.equal((await sendBasic('long')).status, 401);
});

test('a request by a test key is recorded as such, one by a live key is not', async (t) => {
  const { rig, send, sendBasic } = await rigWith(t, { key: 'try', test: true });
  await send('try');
  await sendBasic('try');
  await sendBasic('plain');
  const marks = (await rig.stored()).map(({ meta }) => meta.test);
  assert.deepEqual(marks, [true, true, undefined]);
});

test('the use of a key is reported once a minute at most, however often it is used', async (t) => {
  const { rig, uses, sendBasic } = await rigWith(t, { key: 'try', test: true });
  const start = rig.clock.now();
  for (let count = 0; count < 5; count++) await sendBasic('plain');
  await sendBasic('try');
  await sendBasic('unknown');
  assert.deepEqual(uses, [], 'all of a second travel together');
  rig.clock.advance(1_000);
  assert.deepEqual(uses.splice(0), [
    ['plain', start],
    ['try', start],
  ]);
  await sendBasic('plain');
  rig.clock.advance(minute - 1_001);
  await sendBasic('plain');
  rig.clock.advance(1_000);
  assert.deepEqual(uses, [], 'within the minute');
  await sendBasic('plain');
  const next = rig.clock.now();
  rig.clock.advance(1_000);
  assert.deepEqual(uses, [['plain', next]]);
});

test('a change of the configuration does not make a key be reported again', async (t) => {
  const { rig, uses, sendBasic } = await rigWith(t);
  await sendBasic('plain');
  rig.clock.advance(1_000);
  rig.configure([sourceConfig('src', { writeKeys: ['plain', 'other'] })]);
  await sendBasic('plain');
  rig.clock.advance(1_000);
  assert.equal(uses.length, 1);
});

test('the limits of a source hold with the next request and show in X-RateLimit-*', async (t) => {
  const { rig, sendBasic } = await rigWith(t);
  assert.equal((await sendBasic('plain')).headers['x-ratelimit-limit'], '1000');
  const limits = { requestsPerSecond: 2, eventBytes: 60, batchEvents: 1, requestBytes: 300 };
  rig.configure([sourceConfig('src', { writeKeys: ['plain'], limits })]);
  const headers = { Authorization: `Basic ${Buffer.from('plain:').toString('base64')}` };
  const first = await sendBasic('plain');
  assert.equal(first.headers['x-ratelimit-limit'], '2');
  assert.equal(first.headers['x-ratelimit-remaining'], '1');
  const large = await rig.post('/v1/track', { ...event, pad: 'x'.repeat(60) }, headers);
  assert.equal(large.status, 400);
  const limited = await sendBasic('plain');
  assert.equal(limited.status, 429);
  assert.equal(limited.headers['x-ratelimit-remaining'], '0');
  rig.clock.advance(1_000);
  const item = { type: 'track', ...event };
  const many = await rig.post('/v1/batch', { batch: [item, item] }, headers);
  assert.partialDeepStrictEqual(many.json, { rejected: [{ index: 1, code: 'batch_too_long' }] });
  const batch = Array.from({ length: 10 }, () => item);
  assert.equal((await rig.post('/v1/batch', { batch }, headers)).status, 400);
});
