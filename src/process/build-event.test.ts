import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { buildEvent, type EventOrigin } from './build-event.ts';
import { ipv4Of } from './client-ip.ts';
import { isJsonDraft } from './merge-deep.ts';

const origin: EventOrigin = {
  type: 'track',
  messageId: 'm',
  source: 'src_1',
  receivedAt: Date.parse('2026-11-20T10:00:00.000Z'),
  receivedAtText: '2026-11-20T10:00:00.000Z',
  ip: undefined,
  envelope: undefined,
};

function parsed(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  assert(isJsonObject(value));
  return value;
}

/** The event made of a JSON text, as its readers parse it. */
function built(text: string, more: Partial<EventOrigin> = {}): JsonObject {
  const item: unknown = JSON.parse(text);
  assert(isJsonDraft(item));
  const made = buildEvent(item, { ...origin, ...more });
  assert(made);
  return parsed(made.json);
}

test('an event is what the client sent, with stamps, version and project, without the write key', () => {
  assert.deepEqual(
    built(
      '{"userId":null,"anonymousId":"a","event":"E","properties":{"n":1.50,"s":"ä","z":null},' +
        '"channel":"server","email":"top@level","writeKey":"w","write_key":"w","version":"1.1",' +
        '"projectId":"mine","receivedAt":"2001-01-01T00:00:00.000Z","_metadata":{"bundled":[]}}',
    ),
    {
      type: 'track',
      messageId: 'm',
      userId: null,
      anonymousId: 'a',
      event: 'E',
      properties: { n: 1.5, s: 'ä', z: null },
      channel: 'server',
      email: 'top@level',
      context: {},
      integrations: {},
      originalTimestamp: '2026-11-20T10:00:00.000Z',
      timestamp: '2026-11-20T10:00:00.000Z',
      receivedAt: '2026-11-20T10:00:00.000Z',
      version: 2,
      projectId: 'src_1',
      _metadata: { bundled: [] },
    },
  );
});

test('an identify without traits of its own takes those of its context', () => {
  const traits = (text: string, type: EventOrigin['type'] = 'identify') =>
    built(text, { type })['traits'];
  const context = '"context":{"traits":{"plan":"pro"}}';
  assert.deepEqual(traits(`{"userId":"u",${context}}`), { plan: 'pro' });
  assert.deepEqual(traits(`{"userId":"u","traits":null,${context}}`), { plan: 'pro' });
  assert.deepEqual(traits(`{"userId":"u","traits":{},${context}}`), {});
  assert.equal(traits('{"userId":"u","context":{"traits":"pro"}}'), undefined);
  assert.equal(traits(`{"userId":"u","event":"E",${context}}`, 'track'), undefined);
  const kept = built(`{"userId":"u",${context}}`, { type: 'identify' });
  assert.deepEqual(kept['context'], { traits: { plan: 'pro' } });
});

test('the type of the path wins over the one in the body', () => {
  assert.equal(built('{"type":"identify","userId":"u"}', { type: 'page' })['type'], 'page');
});

test('envelope context and integrations lie under the item, deep, and the item wins', () => {
  const envelope = parsed(
    '{"context":{"library":{"name":"e","version":"1"},"locale":"de","tags":["a"],"app":{"x":1}},' +
      '"integrations":{"All":false,"Mixpanel":{"k":1}}}',
  );
  const event = built(
    '{"context":{"library":{"name":"i"},"tags":[],"app":null},"integrations":{"All":true}}',
    { envelope },
  );
  assert.deepEqual(event['context'], {
    library: { name: 'i', version: '1' },
    locale: 'de',
    tags: [],
    app: null,
  });
  assert.deepEqual(event['integrations'], { All: true, Mixpanel: { k: 1 } });
  assert.deepEqual(built('{}', { envelope })['context'], envelope['context']);
  assert.equal(JSON.stringify(envelope).includes('"i"'), false, 'the envelope is not changed');
});

test('__proto__ is only data: nothing is merged into a prototype, here or for other objects', () => {
  const envelope = parsed(
    '{"context":{"__proto__":{"polluted":1,"deep":{"a":1}},"constructor":{"prototype":{"polluted":1}}}}',
  );
  const event = built('{"context":{"__proto__":{"deep":{"b":2}},"x":1},"__proto__":{"top":1}}', {
    envelope,
  });
  const { context } = event;
  assert(isJsonObject(context));
  assert.equal(Object.getPrototypeOf(context), Object.prototype);
  assert.equal(context['polluted'], undefined);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.equal(Reflect.get({}, 'top'), undefined);
  const own = Object.getOwnPropertyDescriptor(context, '__proto__')?.value;
  assert.deepEqual(own, { polluted: 1, deep: { a: 1, b: 2 } });
});

test('context.ip is filled for client-side libraries alone, when absent, and with IPv4 only', () => {
  const ipOf = (context: string, ip: string | undefined) => {
    const filled = built(`{"context":${context}}`, { ip: ipv4Of(ip) })['context'];
    assert(isJsonObject(filled));
    return filled['ip'];
  };
  for (const name of ['analytics.js', 'analytics-ios', 'analytics-kotlin', 'analytics-swift']) {
    assert.equal(ipOf(`{"library":{"name":"${name}"}}`, '203.0.113.9'), '203.0.113.9');
  }
  const browser = '{"library":{"name":"analytics.js"}}';
  assert.equal(ipOf(browser, '::ffff:203.0.113.9'), '203.0.113.9');
  assert.equal(ipOf(browser, '2001:db8::1'), undefined);
  assert.equal(ipOf(browser, undefined), undefined);
  assert.equal(ipOf('{"library":{"name":"analytics-node"}}', '203.0.113.9'), undefined);
  assert.equal(ipOf('{}', '203.0.113.9'), undefined);
  assert.equal(ipOf('{"direct":true}', '203.0.113.9'), '203.0.113.9');
  assert.equal(ipOf('{"direct":true,"ip":"0.0.0.0"}', '203.0.113.9'), '0.0.0.0');
  assert.equal(ipOf('{"direct":true,"ip":null}', '203.0.113.9'), null);
});

test('an envelope says that the library is client-side as well as an item, and is not changed by it', () => {
  const envelope = parsed('{"context":{"library":{"name":"analytics.js"}}}');
  const event = built('{}', { envelope, ip: '203.0.113.9' });
  assert.deepEqual(event['context'], { library: { name: 'analytics.js' }, ip: '203.0.113.9' });
  assert.deepEqual(envelope['context'], { library: { name: 'analytics.js' } });
});

test('properties beyond the limit are dropped and counted, the event is kept', () => {
  const over = limits.properties + 3;
  const properties = Object.fromEntries(Array.from({ length: over }, (_, n) => [`p${n}`, n]));
  const item = { event: 'E', properties };
  const made = buildEvent(item, origin);
  assert(made);
  assert.equal(made.droppedProperties, 3);
  const kept = parsed(made.json)['properties'];
  assert(isJsonObject(kept));
  assert.equal(Object.keys(kept).length, limits.properties);
  assert.equal(kept['p0'], 0);
});
