import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testWriteKey } from '../rig/server.ts';
import { basic } from '../rig/track.ts';
import { startStand } from './stand.ts';

test('a SegmentStream hit arrives at the webhook as a track event, once, at its own time', async (t) => {
  const { server, receiver } = await startStand(t);
  const hit = {
    hitId: 'hit-1',
    sentAt: '2026-02-21T10:56:10.723Z',
    event: { category: 'Auth', name: 'Registered', user: { userId: 'u1', firstName: 'John' } },
  };
  const send = (body: object) =>
    fetch(`${server.url}/track`, {
      method: 'POST',
      headers: { authorization: basic(testWriteKey), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (let i = 0; i < 2; i++) assert.equal((await send(hit)).status, 204);
  assert.equal((await send({ ...hit, hitId: 'hit-2' })).status, 204);
  const taken = await receiver.waitFor('two deliveries', (all) => all.length >= 2);
  assert.deepEqual(
    taken.map(({ event }) => event['messageId']),
    ['hit-1', 'hit-2'],
  );
  assert.partialDeepStrictEqual(taken[0]?.event, {
    type: 'track',
    event: 'Registered',
    userId: 'u1',
    messageId: 'hit-1',
    timestamp: hit.sentAt,
    originalTimestamp: hit.sentAt,
    properties: { category: 'Auth', name: 'Registered' },
    context: { traits: { firstName: 'John' } },
  });
});

test('an event by the pixel arrives at the webhook', async (t) => {
  const { server, receiver } = await startStand(t);
  const data = Buffer.from(
    JSON.stringify({ writeKey: testWriteKey, userId: 'u', event: 'Email Opened' }),
  ).toString('base64url');
  const answer = await fetch(`${server.url}/v1/pixel/track?data=${data}`);
  assert.equal(answer.headers.get('content-type'), 'image/gif');
  const [delivery] = await receiver.waitFor('the delivery', (all) => all.length >= 1);
  assert.partialDeepStrictEqual(delivery?.event, {
    type: 'track',
    event: 'Email Opened',
    context: { ip: '127.0.0.1', library: { name: 'pixel' } },
  });
});
