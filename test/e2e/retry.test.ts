import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { testWriteKey } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';
import { startStand } from './stand.ts';

test('above the rate limit the answer is 429 with Retry-After and the seed’s body', async (t) => {
  const { server } = await startStand(t, { TRIBUTARY_RATE_LIMIT: '1' });
  const event = { userId: 'u', event: 'E' };
  const answers = await Promise.all([1, 2, 3].map(() => track(server, '/v1/track', event)));
  const limited = answers.filter(({ status }) => status === 429);
  assert(limited.length >= 1);
  for (const answer of limited) {
    const seconds = Number(answer.headers.get('retry-after'));
    assert(Number.isInteger(seconds) && seconds >= 1 && seconds <= 300);
    assert.equal(answer.headers.get('x-ratelimit-limit'), '1');
    assert.partialDeepStrictEqual(await answer.json(), {
      success: false,
      error: { type: 'rate_limit_exceeded', retryAfter: seconds },
    });
  }
});

test('@segment/analytics-node that meets the rate limit sends again, and each call arrives once', async (t) => {
  const { server, receiver } = await startStand(t, { TRIBUTARY_RATE_LIMIT: '1' });
  const analytics = new Analytics({ writeKey: testWriteKey, host: server.url, flushAt: 1 });
  let requests = 0;
  analytics.on('http_request', () => {
    requests++;
  });
  const names = ['Call 1', 'Call 2', 'Call 3', 'Call 4'];
  for (const event of names) analytics.track({ userId: 'u', event });
  await analytics.closeAndFlush({ timeout: 40_000 });
  const taken = await receiver.waitFor('four deliveries', (all) => all.length >= 4);
  assert.deepEqual(valuesAt(taken, 'event').sort(), names);
  assert(requests > names.length, 'the client was told to come back, and did');
});

test('the same messageId sent again within the window is taken and delivered once', async (t) => {
  const { server, receiver } = await startStand(t);
  const event = { userId: 'u', event: 'Once', messageId: 'm-1' };
  for (let time = 0; time < 3; time++) {
    assert.equal((await track(server, '/v1/track', event)).status, 200);
  }
  await track(server, '/v1/track', { userId: 'u', event: 'Last' });
  const taken = await receiver.waitFor('the last', (all) => all.at(-1)?.event['event'] === 'Last');
  assert.deepEqual(valuesAt(taken, 'event'), ['Once', 'Last']);
});
