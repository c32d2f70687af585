import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Redelivery } from '../../core/redelivery.ts';
import type { SourceConfig } from '../../core/snapshot.ts';
import type { PlanEnforcement, PlanRule } from '../../core/tracking-plan.ts';
import { createMemoryKeySet } from '../../storage/keys/memory-key-set.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { discardsOf, eventsOf, received, StillClock, startRig } from '../testing/process-rig.ts';

const traits = {
  allowUnplannedTraits: true,
  allowTraitsOnViolations: true,
  common: 'ALLOW',
} as const;
const lenient: PlanEnforcement = {
  track: {
    allowUnplannedEvents: true,
    allowUnplannedEventProperties: true,
    allowEventOnViolations: false,
    allowPropertiesOnViolations: true,
    common: 'ALLOW',
  },
  identify: traits,
  group: traits,
};
const strict = (track: Partial<PlanEnforcement['track']>): PlanEnforcement => ({
  ...lenient,
  track: { ...lenient.track, ...track },
});

const rule = (type: PlanRule['type'], key: string, bag: JsonObject, version = 1): PlanRule => ({
  ...{ type, key, version },
  schema: {
    properties: { [type === 'IDENTIFY' || type === 'GROUP' ? 'traits' : 'properties']: bag },
  },
});
const bought = rule('TRACK', 'Bought', {
  type: 'object',
  required: ['price'],
  properties: {
    price: { type: 'number' },
    items: { type: 'array', items: { properties: { sku: { type: 'string' } } } },
  },
});

interface Wish {
  readonly source?: Partial<SourceConfig>;
  readonly rules?: readonly PlanRule[];
  readonly enforcement?: PlanEnforcement;
  readonly forward?: (items: readonly Redelivery[]) => 'accepted' | 'failed';
}

async function stand(t: TestContext, { source, rules, enforcement = lenient, forward }: Wish) {
  const engine = await openMemoryLogEngine({ clock: new StillClock() });
  const rig = await startRig({
    engine,
    openKeys: async () => createMemoryKeySet(),
    clock: new StillClock(),
    sources: [
      {
        ...{ id: 'src_1', slug: 's', name: 'Shop', enabled: true, writeKeys: [], limits: {} },
        ...(rules && { plan: { plan: 'tp', ...enforcement } }),
        ...source,
      },
    ],
    ...(rules && { trackingPlans: [{ id: 'tp', name: 'Plan', rules }] }),
    ...(forward && {
      forward: async (items) => {
        const kind = forward(items);
        return items.map(() => (kind === 'failed' ? { kind, message: 'away' } : { kind }));
      },
    }),
  });
  t.after(() => rig.stop());
  return { engine, rig };
}

async function outcome(t: TestContext, wish: Wish, ...events: readonly JsonObject[]) {
  const { engine, rig } = await stand(t, wish);
  const batch: Json = events.map((event, index) => ({
    userId: 'u',
    messageId: `m${index}`,
    ...event,
  }));
  await rig.send({ batch });
  await rig.caughtUp();
  return { events: await eventsOf(engine), discards: await discardsOf(engine), rig };
}

const track = (event: string, properties: JsonObject) => ({ type: 'track', event, properties });

function protocolsOf(event: JsonObject | undefined): Json | undefined {
  const context = event?.['context'];
  return isJsonObject(context) ? context['protocols'] : undefined;
}

describe('a source with a tracking plan', () => {
  it('lets events pass that are as planned, unchanged', async (t) => {
    const { events, discards } = await outcome(
      t,
      { rules: [bought] },
      track('Bought', { price: 1, items: [{ sku: 'a' }] }),
      { type: 'page', properties: { x: 1 } },
    );
    assert.deepEqual(events.map(protocolsOf), [undefined, undefined]);
    assert.deepEqual(discards, []);
  });

  it('allows by default what is not as planned, and says in the event what that is', async (t) => {
    const { events, rig } = await outcome(
      t,
      { rules: [bought] },
      track('Bought', { price: '1', extra: 1, items: [{ sku: 'a', more: 1 }, { more: 2 }] }),
      track('Sold', {}),
    );
    assert.deepEqual(events.map(protocolsOf), [
      {
        sourceId: 'src_1',
        violations: [
          {
            type: 'Unplanned',
            field: 'properties.extra',
            description: 'extra is not in the tracking plan',
          },
          {
            type: 'Unplanned',
            field: 'properties.items.$.more',
            description: 'more is not in the tracking plan',
          },
          {
            type: 'Invalid Type',
            field: 'properties.price',
            description: 'Invalid type. Expected: number, given: string',
          },
        ],
      },
      {
        sourceId: 'src_1',
        violations: [
          {
            type: 'Unplanned',
            field: 'event',
            description: 'The event is not in the tracking plan',
          },
        ],
      },
    ]);
    const metric = await rig.registry.getSingleMetricAsString('tributary_process_violations_total');
    assert.match(metric, /source="src_1"\} 4/);
  });

  it('blocks unplanned events, and events that break their rule, with the reason and as they were', async (t) => {
    const enforcement = strict({
      allowUnplannedEvents: false,
      allowPropertiesOnViolations: false,
    });
    const { events, discards } = await outcome(
      t,
      { rules: [bought], enforcement },
      track('Sold', { a: 1 }),
      track('Bought', { price: '1' }),
      track('Bought', { price: '1', extra: 1 }),
      { type: 'identify', traits: { any: 1 } },
    );
    assert.deepEqual(
      events.map(({ messageId }) => messageId),
      ['m3'],
    );
    assert.deepEqual(
      discards.map(({ code, stage, event }) => [code, stage, event]),
      [
        ['unplanned', 'process', 'Sold'],
        ['schema_violation', 'process', 'Bought'],
        ['unplanned_and_schema_violation', 'process', 'Bought'],
      ],
    );
    assert.match(
      discards[1]?.message ?? '',
      /properties\.price: Invalid type\. Expected: number, given: string\./,
    );
    assert.deepEqual(JSON.parse(discards[0]?.body ?? ''), {
      ...{ userId: 'u', messageId: 'm0', type: 'track', event: 'Sold', properties: { a: 1 } },
    });
  });

  it('takes away what is unplanned or breaks the rule, and says what that was', async (t) => {
    const enforcement = strict({
      allowUnplannedEventProperties: false,
      allowEventOnViolations: true,
      allowPropertiesOnViolations: false,
    });
    const { events } = await outcome(
      t,
      { rules: [bought], enforcement },
      track('Bought', { price: '1', extra: 1, items: [{ sku: 'a', more: 1 }] }),
      track('Bought', { price: 2, items: [{ sku: 7 }] }),
    );
    assert.deepEqual(
      events.map(({ properties }) => properties),
      [{ items: [{ sku: 'a' }] }, { price: 2 }],
    );
    const [first, second] = events.map(protocolsOf);
    assert.deepEqual(isJsonObject(first) && [first['omitted'], first['omitted_on_violation']], [
      ['properties.extra', 'properties.items.$.more'],
      ['properties.price'],
    ]);
    assert.deepEqual(isJsonObject(second) && second['omitted_on_violation'], ['properties.items']);
  });

  it('does the same with traits of identify and group calls, never with those of others', async (t) => {
    const part = {
      allowUnplannedTraits: false,
      allowTraitsOnViolations: false,
      common: 'ALLOW',
    } as const;
    const planned = { properties: { plan: { type: 'string' } } };
    const { events } = await outcome(
      t,
      {
        rules: [
          rule('IDENTIFY', '', planned),
          rule('GROUP', '', planned),
          rule('PAGE', '', planned),
        ],
        enforcement: { ...lenient, identify: part, group: part },
      },
      { type: 'identify', traits: { plan: 1, other: 2 } },
      { type: 'group', groupId: 'g', traits: { plan: 'a', other: 2 } },
      { type: 'page', properties: { plan: 1, other: 2 } },
    );
    assert.deepEqual(
      events.map((event) => event['traits'] ?? event['properties']),
      [{}, { plan: 'a' }, { plan: 1, other: 2 }],
    );
  });

  it('holds what is left of each event against the common rule', async (t) => {
    const common: PlanRule = {
      ...{ type: 'COMMON', key: '', version: 1 },
      schema: { required: ['anonymousId'], properties: { properties: { required: ['price'] } } },
    };
    const event = { ...track('Bought', { price: '1' }), anonymousId: 'a' };
    const enforcement = strict({
      allowEventOnViolations: true,
      allowPropertiesOnViolations: false,
      common: 'BLOCK',
    });
    const blocked = await outcome(t, { rules: [bought, common], enforcement }, event);
    assert.deepEqual(
      blocked.discards.map(({ code }) => code),
      ['common_schema_violation'],
    );
    const allowed = await outcome(t, { rules: [common] }, track('Bought', { price: 1 }));
    const protocols = protocolsOf(allowed.events[0]);
    assert.deepEqual(isJsonObject(protocols) && protocols['violations'], [
      { type: 'Unplanned', field: 'event', description: 'The event is not in the tracking plan' },
      { type: 'Required', field: 'anonymousId', description: 'anonymousId is required' },
    ]);
  });

  it('holds an event against the version that it names, else the oldest', async (t) => {
    const second = rule('TRACK', 'Bought', { required: ['total'] }, 2);
    const named = (version: Json) => ({
      ...track('Bought', { price: 1 }),
      context: { protocols: { event_version: version } },
    });
    const { events } = await outcome(
      t,
      { rules: [second, bought] },
      ...[named(2), named(1), named(3.2), named('2'), track('Bought', { price: 1 })],
    );
    const isBroken = events.map((event) => {
      const protocols = protocolsOf(event);
      return isJsonObject(protocols) && protocols['violations'] !== undefined;
    });
    assert.deepEqual(isBroken, [true, false, false, false, false]);
  });
});

describe('what a source forwards', () => {
  const enforcement: PlanEnforcement = {
    ...strict({ allowUnplannedEvents: false }),
    violationsTo: 'src_2',
    blockedEventsTo: 'src_3',
  };

  it('is an event for each violation, and each blocked event, the same however often it is made', async (t) => {
    const sent: Redelivery[][] = [];
    const wish: Wish = {
      rules: [bought],
      enforcement,
      forward: (items) => {
        sent.push([...items]);
        return 'accepted';
      },
    };
    const events = [track('Sold', {}), track('Bought', { price: '1' })];
    await outcome(t, wish, ...events);
    await outcome(t, wish, ...events);
    const [first = [], second] = sent;
    assert.deepEqual(first, second);
    assert.deepEqual(
      first.map(({ source, forwarded, receivedAt }) => [source, forwarded, receivedAt]),
      [
        ['src_2', true, received],
        ['src_3', true, received],
        ['src_2', true, received],
      ],
    );
    const [violation, blocked] = first.map(({ body }): JsonObject => JSON.parse(body));
    const { context, properties, messageId, ...top } = violation ?? {};
    assert.deepEqual(top, {
      type: 'track',
      event: 'Violation Generated',
      userId: 'schema-violations',
      forwardedFromProject: 'src_1',
      timestamp: '2026-11-20T10:00:00.000Z',
    });
    assert.deepEqual(context, { app: {}, library: { name: 'tributary' } });
    assert.match(String(messageId), /^sch-[0-9a-f]{32}$/);
    assert.deepEqual(properties, {
      appVersion: null,
      eventMessageID: 'm0',
      eventName: 'Sold',
      eventSentAt: null,
      eventTimestamp: '2026-11-20T10:00:00.000Z',
      eventType: 'track',
      sourceID: 'src_1',
      sourceName: 'Shop',
      sourceSlug: 's',
      trackingPlanID: 'tp',
      trackingPlanName: 'Plan',
      violationDescription: 'The event is not in the tracking plan',
      violationField: 'event',
      violationType: 'Unplanned',
    });
    assert.deepEqual([blocked?.['event'], blocked?.['messageId']], ['Sold', 'm0']);
  });

  it('is tried until it is taken, before the position moves on', async (t) => {
    let failures = 3;
    const { engine, rig } = await stand(t, {
      rules: [bought],
      enforcement,
      forward: () => (failures-- > 0 ? 'failed' : 'accepted'),
    });
    await rig.send({ batch: [{ userId: 'u', messageId: 'm', ...track('Bought', {}) }] });
    await rig.caughtUp();
    assert.equal(failures, -1);
    assert.equal((await eventsOf(engine)).length, 1);
  });

  it('is not judged again where it arrives, and forwards nothing more', async (t) => {
    const { engine, rig } = await stand(t, {
      rules: [bought],
      enforcement,
      forward: () => assert.fail('nothing is forwarded'),
    });
    const event = { userId: 'u', messageId: 'm', ...track('Sold', {}) };
    await rig.send(event, { call: 'track', again: { t: received, forwarded: true } });
    await rig.caughtUp();
    assert.equal((await eventsOf(engine)).length, 1);
  });
});

describe('a source with switches in its schema', () => {
  const source = {
    clientSettings: {
      plan: {
        track: { Off: { enabled: false }, On: { enabled: true, integrations: { X: false } } },
        identify: { email: { enabled: false } },
        group: { __default: { enabled: false }, name: { enabled: true } },
      },
    },
  } as const;

  it('blocks events and takes traits away that are off', async (t) => {
    const { events, discards } = await outcome(
      t,
      { source },
      ...[track('Off', {}), track('On', {}), track('Other', {})],
      { type: 'identify', traits: { email: 'e', plan: 'p' } },
      { type: 'group', groupId: 'g', traits: { name: 'n', size: 1 } },
    );
    assert.deepEqual(
      discards.map(({ code, event }) => [code, event]),
      [['event_setting', 'Off']],
    );
    assert.deepEqual(
      events.map(({ event, traits }) => event ?? traits),
      ['On', 'Other', { plan: 'p' }, { name: 'n' }],
    );
  });

  it('blocks what has no entry where the default is off', async (t) => {
    const off = { clientSettings: { plan: { track: { __default: { enabled: false }, On: {} } } } };
    const { events, discards } = await outcome(
      t,
      { source: off },
      track('On', {}),
      track('New', {}),
    );
    assert.deepEqual([events.length, discards[0]?.code], [1, 'event_setting']);
  });
});

describe('a source with transformations', () => {
  it('makes them after the plan, before anybody gets the event', async (t) => {
    const { events, discards } = await outcome(
      t,
      {
        rules: [bought],
        source: {
          transformations: [
            { id: 't1', if: "event = 'Bought'", work: { newEventName: 'Order Completed' } },
            { id: 't2', if: "event = 'Secret'", work: { drop: true } },
            { id: 't3', if: "event = 'Odd' and properties.n > 1", work: { newEventName: 'Many' } },
          ],
        },
      },
      track('Bought', { price: 1 }),
      track('Secret', { n: 1 }),
      track('Odd', { n: 'x' }),
    );
    assert.deepEqual(
      events.map((event) => [event['event'], protocolsOf(event)]),
      [['Order Completed', undefined]],
    );
    assert.deepEqual(
      discards.map(({ code, event }) => [code, event]),
      [
        ['dropped_by_transformation', 'Secret'],
        ['source_transformation_failed', 'Odd'],
      ],
    );
  });
});
