import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { testWriteKey } from '../rig/server.ts';
import { noBrowser, openPage } from './browser.ts';
import { startStand } from './stand.ts';

/** The unmodified file that RudderStack publishes for a page that loads nothing else; exported is only its twin for bundlers. */
const sdk = new URL('../umd/index.js', import.meta.resolve('@rudderstack/analytics-js/bundled'));

test('RudderStack’s browser SDK, pointed here by its two addresses, sends its five calls from another origin', {
  skip: noBrowser,
}, async (t) => {
  const { server, receiver } = await startStand(t);
  const script = `
    const analytics = new rudderanalytics.RudderAnalytics();
    analytics.load('${testWriteKey}', '${server.url}', { configUrl: '${server.url}' });
    analytics.page('Shop', 'Home');
    analytics.identify('user-é', { email: 'grüße@example.com' });
    analytics.track('Order Completed', { revenue: 39.95 });
    analytics.group('group-1', { employees: 12 });
    analytics.alias('user-2', 'user-é');`;
  const html = `<!doctype html><title>Shop</title><script>${readFileSync(sdk, 'utf8')}</script><script>${script}</script>`;
  const { requests, problems } = await openPage(t, html);
  const taken = await receiver.waitFor('five deliveries', (all) => all.length >= 5);

  const expected = [
    { type: 'page', category: 'Shop', name: 'Home' },
    { type: 'identify', userId: 'user-é', traits: { email: 'grüße@example.com' } },
    { type: 'track', userId: 'user-é', event: 'Order Completed', properties: { revenue: 39.95 } },
    { type: 'group', userId: 'user-é', groupId: 'group-1', traits: { employees: 12 } },
    { type: 'alias', userId: 'user-2', previousId: 'user-é' },
  ];
  const events = taken.map(({ event }) => event);
  for (const call of expected) {
    const event = events.find(({ type }) => type === call.type);
    assert.partialDeepStrictEqual(event, {
      ...call,
      context: { ip: '127.0.0.1', library: { name: 'RudderLabs JavaScript SDK' } },
    });
  }
  assert.equal(new Set(events.map((event) => event['anonymousId'])).size, 1);
  const asked = requests.map(({ url }) => new URL(url));
  assert.ok(asked.some(({ pathname }) => pathname === '/sourceConfig/'));
  assert.deepEqual(problems, []);
});
