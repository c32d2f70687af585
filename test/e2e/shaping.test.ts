/** What is set by the Public API shapes events on their way: transformations, tracking plans, switches of the schema. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import type { Delivery } from '../rig/receiver.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, testWriteKey } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { type Stand, startStand } from './stand.ts';

const within = 30_000;

/** Sends it until a change that was made is in force for it, then behind it a last event; resolves with all that came. */
async function settled(
  { server, receiver }: Stand,
  what: string,
  probe: JsonObject,
  holds: (taken: readonly Delivery[]) => boolean,
): Promise<void> {
  await eventually(
    what,
    async () => {
      await track(server, '/v1/track', { userId: 'probe', ...probe });
      return holds(receiver.taken);
    },
    { within, every: 200 },
  );
}

async function codes(server: Server): Promise<unknown[]> {
  const answer = await api(server, 'GET', `/discards?sourceId=${await firstSource(server)}`);
  const list = valueAt(answer, 'data.discards');
  return Array.isArray(list) ? list.map((one) => isJsonObject(one) && one['code']) : [];
}

test('transformations of a source and of a destination are in force for what the server delivers', async (t) => {
  const stand = await startStand(t);
  const { server, receiver } = stand;
  const sourceId = await firstSource(server);
  const make = (body: JsonObject) =>
    api(server, 'POST', '/transformations', { sourceId, enabled: true, ...body });
  await make({
    ...{ name: 'rename', if: "event = 'Bought'", newEventName: 'Order Completed' },
    propertyRenames: [{ oldName: 'mail', newName: 'email' }],
  });
  await make({ name: 'drop', if: "event = 'Secret'", drop: true });
  await make({
    ...{ name: 'hash', if: "event = 'Order Completed'", destinationMetadataId: 'webhooks' },
    hashPropertiesConfiguration: { algorithm: 'SHA256', key: 'key', paths: ['properties.email'] },
  });
  await settled(
    stand,
    'they are in force',
    { event: 'Bought', properties: { mail: 'a@b.c' } },
    (taken) =>
      taken.some(
        ({ event }) =>
          valueAt(event, 'properties.email') !== undefined && event['event'] === 'Order Completed',
      ),
  );
  const email = createHmac('sha256', 'key').update('a@b.c').digest('hex');
  await track(server, '/v1/track', { userId: 'u', event: 'Secret' });
  await track(server, '/v1/track', { userId: 'u', event: 'Bought', properties: { mail: 'a@b.c' } });
  const isOurs = ({ event }: Delivery) => event['userId'] === 'u';
  const taken = await receiver.waitFor('the event', (all) => all.some(isOurs), within);
  const [first] = taken.filter(isOurs);
  assert.equal(first?.event['event'], 'Order Completed');
  assert.deepEqual(first?.event['properties'], { email });
  await eventually(
    'the dropped one is a discard',
    async () => (await codes(server)).includes('dropped_by_transformation'),
    { within },
  );
});

test('a tracking plan blocks and omits, and violations are events of another source', async (t) => {
  const stand = await startStand(t);
  const { server, receiver } = stand;
  const sourceId = await firstSource(server);
  const violations = await startReceiver();
  t.after(() => violations.close());
  const catalog = await api(server, 'GET', '/catalog/sources?pagination[count]=1');
  const made = await api(server, 'POST', '/sources', {
    ...{ slug: 'violations', enabled: true, settings: {} },
    metadataId: String(valueAt(catalog, 'data.sourcesCatalog.0.id')),
  });
  const forwardTo = String(valueAt(made, 'data.source.id'));
  await addWebhook(server, [violations.url], {}, forwardTo);
  const plan = await api(server, 'POST', '/tracking-plans', { name: 'Plan', type: 'LIVE' });
  const planId = String(valueAt(plan, 'data.trackingPlan.id'));
  const properties = { type: 'object', properties: { price: { type: 'number' } } };
  await api(server, 'PATCH', `/tracking-plans/${planId}/rules`, {
    rules: [
      { type: 'TRACK', key: 'Bought', version: 1, jsonSchema: { properties: { properties } } },
    ],
  });
  await api(server, 'POST', `/tracking-plans/${planId}/sources`, { sourceId });
  await api(server, 'PATCH', `/sources/${sourceId}/settings`, {
    track: {
      allowUnplannedEvents: false,
      allowUnplannedEventProperties: false,
      allowEventOnViolations: true,
      allowPropertiesOnViolations: false,
    },
    forwardingViolationsTo: forwardTo,
    forwardingBlockedEventsTo: forwardTo,
  });
  await settled(
    stand,
    'the plan is in force',
    { event: 'Bought', properties: { price: 1, other: 2 } },
    (taken) => taken.some(({ event }) => valueAt(event, 'context.protocols.omitted') !== undefined),
  );
  await track(server, '/v1/track', { userId: 'u', event: 'Unplanned', messageId: 'unplanned' });
  await track(server, '/v1/track', { userId: 'u', event: 'Bought', properties: { price: 'x' } });
  const isOurs = ({ event }: Delivery) => event['userId'] === 'u';
  const taken = await receiver.waitFor('the planned one', (all) => all.some(isOurs), within);
  const [ours, ...more] = taken.filter(isOurs);
  assert.deepEqual(more, []);
  assert.deepEqual(ours?.event['properties'], {});
  assert.deepEqual(valueAt(ours?.event, 'context.protocols.omitted_on_violation'), [
    'properties.price',
  ]);
  await eventually(
    'the other is a discard',
    async () => (await codes(server)).includes('unplanned'),
    { within },
  );
  const isViolation = ({ event }: Delivery) =>
    event['event'] === 'Violation Generated' &&
    valueAt(event, 'properties.eventName') === 'Unplanned';
  const isBlocked = ({ event }: Delivery) => event['messageId'] === 'unplanned';
  await violations.waitFor(
    'both are forwarded',
    (all) => all.some(isViolation) && all.some(isBlocked),
    within,
  );
  const settings = await fetch(`${server.url}/v1/projects/${testWriteKey}/settings`);
  const said: unknown = await settings.json();
  assert.deepEqual(valueAt(said, 'plan.track'), {
    __default: { enabled: false, integrations: {} },
    Bought: { enabled: true, integrations: {} },
    'Segment Consent Preference Updated': { enabled: true, integrations: {} },
  });
});

test('events that the schema of a source keeps from a destination are not delivered to it, those it blocks to none', async (t) => {
  const stand = await startStand(t);
  const { server, receiver } = stand;
  const integrations = { Webhooks: false };
  await api(server, 'PATCH', `/sources/${await firstSource(server)}/client-settings`, {
    plan: { track: { Kept: { enabled: true, integrations }, Blocked: { enabled: false } } },
  });
  await eventually(
    'the switches are in force',
    async () => {
      await track(server, '/v1/track', { userId: 'probe', event: 'Blocked' });
      return (await codes(server)).includes('event_setting');
    },
    { within, every: 200 },
  );
  await track(server, '/v1/track', { userId: 'u', event: 'Kept' });
  await track(server, '/v1/track', {
    userId: 'u',
    event: 'Kept',
    integrations: { Webhooks: true },
  });
  await track(server, '/v1/track', { userId: 'u', event: 'Last' });
  const isOurs = ({ event }: Delivery) => event['userId'] === 'u';
  const all = await receiver.waitFor(
    'the last',
    (taken) => taken.some(({ event }) => event['event'] === 'Last'),
    within,
  );
  assert.deepEqual(
    all.filter(isOurs).map(({ event }) => event['event']),
    ['Kept', 'Last'],
  );
});
