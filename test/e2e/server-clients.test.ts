import assert from 'node:assert/strict';
import { test } from 'node:test';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import LegacyAnalytics from 'analytics-node';
import { valueAt } from '../rig/api.ts';
import type { Delivery } from '../rig/receiver.ts';
import { testWriteKey } from '../rig/server.ts';
import { assertDelivery, valuesAt } from './assert-delivery.ts';
import { expectedCalls, sixCalls, userId } from './six-calls.ts';
import { startStand } from './stand.ts';

test('@segment/analytics-node 3: the six calls arrive once, in order, with their fields and messageIds', async (t) => {
  const { server, receiver } = await startStand(t);
  const analytics = new Analytics({ writeKey: testWriteKey, host: server.url, flushInterval: 100 });
  const messageIds: unknown[] = [];
  analytics.on('error', (problem) => assert.fail(JSON.stringify(problem)));
  const note = (_: unknown, context?: { event: unknown }) =>
    messageIds.push(valueAt(context?.event, 'messageId'));
  analytics.page(sixCalls.page, note);
  analytics.identify(sixCalls.identify, note);
  analytics.track(sixCalls.track, note);
  analytics.screen(sixCalls.screen, note);
  analytics.group(sixCalls.group, note);
  analytics.alias({ ...sixCalls.alias, messageId: 'given by the caller' }, note);
  await analytics.closeAndFlush();

  const taken = await receiver.waitFor('six deliveries', (all) => all.length >= 6);
  assertSixCalls(taken, '@segment/analytics-node');
  const arrived = valuesAt(taken, 'messageId');
  // It tells of calls in no certain order.
  assert.deepEqual(arrived.toSorted(), messageIds.toSorted());
  assert.equal(arrived[5], 'given by the caller');
  for (const id of arrived.slice(0, 5)) assert.match(String(id), /^node-next-/);
});

test('analytics-node 6: the six calls arrive once, in order, with their fields', async (t) => {
  const { server, receiver } = await startStand(t);
  const analytics = new LegacyAnalytics(testWriteKey, { host: server.url, flushInterval: 300 });
  analytics.page(sixCalls.page);
  analytics.identify(sixCalls.identify);
  analytics.track(sixCalls.track);
  analytics.screen(sixCalls.screen);
  analytics.group(sixCalls.group);
  analytics.alias(sixCalls.alias);

  const taken = await receiver.waitFor('six deliveries', (all) => all.length >= 6);
  assertSixCalls(taken, 'analytics-node');
});

test('@rudderstack/rudder-sdk-node 3, which sends gzip labelled as a form: the six calls arrive once, in order, with their fields', async (t) => {
  const { server, receiver } = await startStand(t);
  const options = { dataPlaneUrl: server.url, flushInterval: 300, logLevel: 'error' };
  const analytics = new RudderAnalytics(testWriteKey, options);
  analytics.page(sixCalls.page);
  analytics.identify(sixCalls.identify);
  analytics.track(sixCalls.track);
  analytics.screen(sixCalls.screen);
  analytics.group(sixCalls.group);
  analytics.alias(sixCalls.alias);

  const taken = await receiver.waitFor('six deliveries', (all) => all.length >= 6);
  assertSixCalls(taken, 'analytics-node'); // As it calls itself.
});

function assertSixCalls(taken: readonly Delivery[], library: string): void {
  assert.deepEqual(
    valuesAt(taken, 'type'),
    expectedCalls.map(({ type }) => type),
  );
  for (const [index, expected] of expectedCalls.entries()) {
    assertDelivery(taken[index], { ...expected, context: { library: { name: library } } });
  }
  assert.equal(new Set(valuesAt(taken, 'messageId')).size, 6);
  assert.deepEqual(valuesAt(taken, 'context.ip'), Array(6).fill(undefined), 'no ip of a server');
  assert.equal(valueAt(taken[2]?.event, 'userId'), userId);
}
