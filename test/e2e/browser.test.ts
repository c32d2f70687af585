import assert from 'node:assert/strict';
import { test } from 'node:test';
import snippet from '@segment/snippet';
import { eventually } from '../rig/eventually.ts';
import { type Server, testWriteKey } from '../rig/server.ts';
import { assertDelivery, valuesAt } from './assert-delivery.ts';
import { noBrowser, openPage, type PageRequest } from './browser.ts';
import { startStand } from './stand.ts';

/** Run in the page: the other five calls, each awaited, as a site that cares for their order does. */
const fiveCalls = `(async () => {
  await new Promise((resolve) => analytics.ready(resolve));
  await analytics.alias('user-é');
  await analytics.identify('user-é', { email: 'grüße@example.com' });
  await analytics.track('Order Completed', { revenue: 39.95 });
  await analytics.screen('Main', { dark: true });
  await analytics.group('group-1', { employees: 12 });
})()`;

const expected = [
  { type: 'page', properties: { path: '/shop/', search: '?utm_source=news' } },
  { type: 'alias', userId: 'user-é' },
  { type: 'identify', userId: 'user-é', traits: { email: 'grüße@example.com' } },
  { type: 'track', userId: 'user-é', event: 'Order Completed', properties: { revenue: 39.95 } },
  { type: 'screen', userId: 'user-é', name: 'Main', properties: { dark: true } },
  { type: 'group', userId: 'user-é', groupId: 'group-1', traits: { employees: 12 } },
];

test('the standard snippet, its host changed and nothing else, sends the six calls over plain http from another origin', {
  skip: noBrowser,
}, async (t) => {
  const { server, receiver } = await startStand(t);
  const { page, requests, problems } = await openPage(t, pageWith(server));
  await receiver.waitFor('the page call', (all) => all.length >= 1);
  await page.evaluate(fiveCalls);
  const taken = await receiver.waitFor('six deliveries', (all) => all.length >= 6);

  assert.deepEqual(
    valuesAt(taken, 'type'),
    expected.map(({ type }) => type),
  );
  const anonymousId = taken[0]?.event['anonymousId'];
  assert.match(String(anonymousId), /^[0-9a-f-]{36}$/);
  for (const [index, call] of expected.entries()) {
    assertDelivery(taken[index], {
      ...call,
      anonymousId,
      context: {
        ip: '127.0.0.1',
        library: { name: 'analytics.js' },
        page: { path: '/shop/' },
        campaign: { source: 'news' },
      },
    });
    assert.match(String(taken[index]?.event['messageId']), /^ajs-next-/);
    assert.match(String(valuesAt(taken, 'context.userAgent')[index]), /Chrome/);
  }
  assert.equal(taken[1]?.event['previousId'], anonymousId);
  assertOnlyOurs(requests, page.url(), server);
  assert.deepEqual(problems, []);
});

test('analytics.js with the batching strategy sends all in one request to /v1/b', {
  skip: noBrowser,
}, async (t) => {
  const { server, receiver } = await startStand(t);
  const strategy = { strategy: 'batching', config: { size: 6, timeout: 5_000 } };
  const load = { integrations: { 'Segment.io': { deliveryStrategy: strategy } } };
  const { page, requests } = await openPage(t, pageWith(server, load));
  await page.evaluate(fiveCalls.replaceAll('await analytics', 'void analytics'));
  const taken = await receiver.waitFor('six deliveries', (all) => all.length >= 6);

  const posts = requests.filter(({ method }) => method === 'POST');
  assert.deepEqual(
    posts.map(({ url }) => url),
    [`${server.url}/v1/b`],
  );
  // The client decides the order within its batch.
  const { batch }: { batch: { messageId: string }[] } = JSON.parse(posts[0]?.body ?? '');
  assert.deepEqual(
    valuesAt(taken, 'messageId'),
    batch.map(({ messageId }) => messageId),
  );
  for (const call of expected) {
    const delivery = taken.find(({ event }) => event['type'] === call.type);
    assertDelivery(delivery, { ...call, context: { ip: '127.0.0.1' } });
  }
});

test('analytics.js that meets the rate limit reads Retry-After across origins, and each call arrives once', {
  skip: noBrowser,
}, async (t) => {
  const { server, receiver } = await startStand(t, { TRIBUTARY_RATE_LIMIT: '1' });
  const { page, requests } = await openPage(t, pageWith(server));
  await page.evaluate(
    `analytics.ready(() => { for (const n of [1, 2, 3]) void analytics.track('Call ' + n); })`,
  );
  const taken = await receiver.waitFor('four deliveries', (all) => all.length >= 4);
  const calls = valuesAt(taken, 'event').filter((name) => name !== undefined);
  assert.deepEqual(calls.sort(), ['Call 1', 'Call 2', 'Call 3']);
  const posts = requests.filter(({ method }) => method === 'POST');
  await eventually('some were sent again', () => posts.length > 4);
});

/** A page with the snippet as Segment documents it, fetched from `server` instead of Segment's CDN. */
function pageWith(server: Server, load?: object): string {
  const standard = snippet.min({ apiKey: testWriteKey, ...(load && { load }) });
  const changed = standard.replace('https://cdn.segment.com', server.url);
  assert.notEqual(changed, standard);
  return `<!doctype html><html><head><title>Shop</title><script>${changed}</script></head><body></body></html>`;
}

function assertOnlyOurs(requests: readonly PageRequest[], page: string, server: Server): void {
  const ours = [new URL(page).origin, server.url];
  assert.deepEqual(
    requests.map(({ url }) => url).filter((url) => !ours.includes(new URL(url).origin)),
    [],
    'no other host is asked for anything',
  );
}
