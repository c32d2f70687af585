import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { testWriteKey } from '../rig/server.ts';
import { basic, track } from '../rig/track.ts';
import { assertDelivery, valuesAt } from './assert-delivery.ts';
import { startStand } from './stand.ts';

test('short forms, a trailing slash, gzip and a key in the body all lead to the webhook', async (t) => {
  const { server, receiver } = await startStand(t);
  const sentAt = new Date().toISOString();
  const one = { userId: 'u', timestamp: sentAt, sentAt };
  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, { method: 'POST', body, headers });

  const answers = [
    await track(server, '/v1/t/', { ...one, event: 'Short' }, { 'content-type': 'text/plain' }),
    await post('/v1/i', JSON.stringify({ ...one, writeKey: testWriteKey, traits: { a: 1 } })),
    await post(
      '/v1/import',
      gzipSync(JSON.stringify({ batch: [{ ...one, type: 'page', name: 'Zipped' }] })),
      { authorization: basic(testWriteKey), 'content-encoding': 'gzip' },
    ),
  ];
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { success: true });
  }
  const taken = await receiver.waitFor('three deliveries', (all) => all.length >= 3);
  assertDelivery(taken[0], { type: 'track', event: 'Short' });
  assertDelivery(taken[1], { type: 'identify', traits: { a: 1 } });
  assertDelivery(taken[2], { type: 'page', name: 'Zipped' });
});

test('a client whose clock is an hour slow gets timestamps of the server’s time', async (t) => {
  const { server, receiver } = await startStand(t);
  const slow = Date.now() - 3_600_000;
  const event = {
    userId: 'u',
    event: 'Skewed',
    timestamp: new Date(slow - 5_000).toISOString(),
    sentAt: new Date(slow).toISOString(),
  };
  await track(server, '/v1/track', event);
  const [delivery] = await receiver.waitFor('the delivery', (all) => all.length >= 1);
  assertDelivery(delivery, { event: 'Skewed', originalTimestamp: event.timestamp });
  const { timestamp, receivedAt } = delivery?.event ?? {};
  assert.equal(Date.parse(String(receivedAt)) - Date.parse(String(timestamp)), 5_000);
});

test('one bad item of a batch is reported; the others arrive', async (t) => {
  const { server, receiver } = await startStand(t);
  const batch = [
    { type: 'track', userId: 'u', event: 'One' },
    { type: 'track', userId: 'u' },
    { type: 'track', userId: 'u', event: 'Three' },
  ];
  const answer = await track(server, '/v1/batch', { batch });
  assert.equal(answer.status, 200);
  assert.partialDeepStrictEqual(await answer.json(), {
    success: true,
    rejected: [{ index: 1, code: 'event_not_defined' }],
  });
  const taken = await receiver.waitFor('two deliveries', (all) => all.length >= 2);
  assert.deepEqual(valuesAt(taken, 'event'), ['One', 'Three']);
});

test('a missing field is 400 with its name, an unknown key 401, a wrong method 405, an unknown path 404', async (t) => {
  const { server } = await startStand(t);
  const bad = await track(server, '/v1/track', { userId: 'u' });
  assert.equal(bad.status, 400);
  assert.partialDeepStrictEqual(await bad.json(), {
    error: { type: 'validation_error', message: 'Missing required field: event', field: 'event' },
  });
  const stranger = await track(
    server,
    '/v1/track',
    { userId: 'u', event: 'E' },
    {
      authorization: basic('nobody'),
    },
  );
  assert.equal(stranger.status, 401);
  assert.partialDeepStrictEqual(await stranger.json(), {
    error: { type: 'authentication_error', message: 'Invalid write key' },
  });
  assert.equal((await fetch(`${server.url}/v1/track`)).status, 405);
  assert.equal((await track(server, '/v1/nothing', {})).status, 404);
});
