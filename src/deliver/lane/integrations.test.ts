import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../core/event.ts';
import { briefOf } from '../../core/event-brief.ts';
import type { Json } from '../../core/json.ts';
import { type Routing, routingOf } from './integrations.ts';

function routed(integrations: Json | undefined, more: object = {}, replay = false) {
  const event = { type: 'track', messageId: 'm', integrations, ...more } as unknown as Event;
  const routing = routeOf(event, 'Webhooks', replay);
  return routing.send ? routing.options : routing.code;
}

/** As the record of the event says it, which is to be what the event itself says. */
function routeOf(event: Event, name: string, replay = false): Routing {
  const routing = routingOf({ event, goesAnywhere: false }, name, replay);
  const goesAnywhere = briefOf('track', event)[2] === 1;
  assert.deepEqual(routingOf({ event, goesAnywhere }, name, replay), routing);
  return routing;
}

const off = 'filtered_by_integrations_object';
const cases: readonly (readonly [integrations: Json | undefined, expected: unknown])[] = [
  [undefined, {}],
  [{}, {}],
  [[], {}],
  ['nonsense', {}],
  [{ All: true }, {}],
  [{ All: false }, off],
  [{ Webhooks: false }, off],
  [{ Webhooks: true, All: false }, {}],
  [{ Webhooks: false, All: true }, off],
  [{ webhooks: false }, {}],
  [{ all: false }, {}],
  [{ All: false, Webhooks: { a: 1 } }, { a: 1 }],
  [{ Webhooks: {} }, {}],
  [{ Other: false }, {}],
  [{ Webhooks: null, All: false }, off],
];

for (const [integrations, expected] of cases) {
  test(`integrations ${JSON.stringify(integrations)} means ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(routed(integrations), expected);
  });
}

test('a track event that the schema of the source keeps from the destination is not sent, unless it names it', () => {
  const eventsOff = new Set(['Off']);
  const code = (event: object, replay = false) => {
    const routing = routingOf(
      { event: event as Event, goesAnywhere: true },
      'Webhooks',
      replay,
      eventsOff,
    );
    return routing.send || routing.code;
  };
  const off = { type: 'track', event: 'Off' };
  assert.equal(code(off), 'filtered_by_source_schema');
  assert.equal(code({ ...off, integrations: { All: true } }), 'filtered_by_source_schema');
  assert.equal(code({ ...off, integrations: { Webhooks: true } }), true);
  assert.equal(code({ ...off, integrations: { Webhooks: { a: 1 } } }), true);
  assert.equal(code(off, true), true);
  assert.equal(code({ type: 'track', event: 'On' }), true);
  assert.equal(code({ type: 'page', event: 'Off' }), true);
});

test('a name from the prototype is no setting', () => {
  const event = { integrations: JSON.parse('{"__proto__":{"Webhooks":false}}') } as Event;
  assert.equal(routeOf(event, 'Webhooks').send, true);
  assert.equal(routeOf({ integrations: {} } as Event, 'constructor').send, true);
});

test('what the client delivered itself is not sent, also in a replay', () => {
  const bundled = { _metadata: { bundled: ['Webhooks'], unbundled: [] } };
  assert.equal(routed({}, bundled), 'message_sent_client_side');
  assert.equal(routed({}, bundled, true), 'message_sent_client_side');
  assert.deepEqual(routed({}, { _metadata: { bundled: ['Other'], unbundled: ['Webhooks'] } }), {});
});

test('a replay sends what the event had switched off, with its options', () => {
  assert.deepEqual(routed({ Webhooks: false }, {}, true), {});
  assert.deepEqual(routed({ All: false }, {}, true), {});
  assert.deepEqual(routed({ All: false, Webhooks: { a: 1 } }, {}, true), { a: 1 });
});

test('most events say nothing of where they go, and are not parsed to route them', () => {
  for (const integrations of [undefined, {}, { All: true }, { 'Segment.io': true }]) {
    const event = { integrations, _metadata: { nodeVersion: '24' } } as unknown as Event;
    assert.equal(briefOf('track', event)[2], 1, JSON.stringify(integrations));
  }
  const unread = {
    goesAnywhere: true,
    get event(): Event {
      throw new assert.AssertionError({ message: 'nobody reads the event' });
    },
  };
  assert.equal(routingOf(unread, 'Webhooks', false).send, true);
});
