import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { PlanRule } from '../../core/tracking-plan.ts';
import {
  bought,
  lenient,
  outcome,
  protocolsOf,
  rule,
  strict,
  track,
} from '../testing/shaping-rig.ts';

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

  it('has the event of consent tools without naming it', async (t) => {
    const { events, discards } = await outcome(
      t,
      { rules: [bought], enforcement: strict({ allowUnplannedEvents: false }) },
      track('Segment Consent Preference Updated', {}),
    );
    assert.deepEqual([events.map(protocolsOf), discards], [[undefined], []]);
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
