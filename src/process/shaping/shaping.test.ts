import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../core/json.ts';
import type { Redelivery } from '../../core/redelivery.ts';
import type { PlanEnforcement } from '../../core/tracking-plan.ts';

import { eventsOf, received } from '../testing/process-rig.ts';
import {
  bought,
  outcome,
  protocolsOf,
  stand,
  strict,
  track,
  type Wish,
} from '../testing/shaping-rig.ts';
import { SourceShaper } from './source-shaper.ts';

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

describe('a source that asks for nothing', () => {
  it('has nothing that shapes its events', () => {
    const plain = { id: 's', slug: 's', name: 's', enabled: true, writeKeys: [], limits: {} };
    const on = { track: { A: { enabled: true, integrations: { X: false } } } };
    assert.equal(SourceShaper.of(plain, undefined), undefined);
    assert.equal(SourceShaper.of({ ...plain, clientSettings: { plan: on } }, undefined), undefined);
    assert.equal(SourceShaper.of({ ...plain, transformations: [] }, undefined), undefined);
  });
});
