import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import type { JsonObject } from '../json.ts';
import { createSecretBox } from '../secret-box.ts';
import { compileTransformations, type Transformed } from './compile-transformations.ts';
import { openKeys } from './open-keys.ts';
import type { TransformationConfig, TransformationWork } from './transformation-config.ts';

const track = {
  type: 'track',
  event: 'Order Completed',
  userId: 'u',
  properties: {
    email: 'a@b.c',
    total: 12,
    products: [{ price: 1 }, { price: 2 }],
    'a.b': 'dotted',
  },
  context: { page: { url: 'https://x' } },
} as const;
const identify = { type: 'identify', userId: 'u', traits: { email: 'a@b.c', plan: 'free' } };

const config = (work: TransformationWork, condition = 'all'): TransformationConfig => ({
  id: 't',
  if: condition,
  work,
});

function transformed(event: JsonObject, ...configs: TransformationConfig[]): Transformed {
  const run = compileTransformations(configs);
  assert(run);
  const before = structuredClone(event);
  const result = run(event);
  assert.deepEqual(event, before, 'the given event stays as it is');
  return result;
}

function changed(event: JsonObject, ...configs: TransformationConfig[]): JsonObject {
  const result = transformed(event, ...configs);
  assert(typeof result === 'object');
  return result;
}

describe('transformations', () => {
  it('are nothing where there are none', () => {
    assert.equal(compileTransformations([]), undefined);
  });

  it('work on the events that their condition matches, and leave others as they are', () => {
    const drop = config({ drop: true, newEventName: 'X' }, "event = 'Order Completed'");
    assert.equal(transformed(track, drop), 'dropped');
    assert.equal(transformed(identify, drop), identify);
  });

  it('fail where a condition has no truth value, or cannot be read', () => {
    assert.equal(
      transformed(track, config({ newEventName: 'X' }, 'properties.email > 3')),
      'failed',
    );
    assert.equal(transformed(track, config({ newEventName: 'X' }, 'event =')), 'failed');
  });

  it('rename the event of track calls alone', () => {
    assert.equal(changed(track, config({ newEventName: 'New' }))['event'], 'New');
    assert.equal(changed(identify, config({ newEventName: 'New' }))['event'], undefined);
  });

  it('hold all conditions against the event as it came', () => {
    const both = [
      config({ newEventName: 'New' }, "event = 'Order Completed'"),
      config({ drop: true }, "event = 'New'"),
    ];
    assert.equal(changed(track, ...both)['event'], 'New');
  });

  it('rename properties and traits, move them to another depth, and let two change places', () => {
    const renames = [
      { oldName: 'email', newName: 'contact.email' },
      { oldName: 'properties.total', newName: 'context.total' },
      { oldName: 'missing', newName: 'x' },
      { oldName: 'a\\.b', newName: 'flat' },
    ];
    const { properties, context } = changed(track, config({ propertyRenames: renames }));
    assert.deepEqual(properties, {
      products: track.properties.products,
      contact: { email: 'a@b.c' },
      flat: 'dotted',
    });
    assert.deepEqual(context, { page: { url: 'https://x' }, total: 12 });
    const swapped = changed(
      identify,
      config({
        propertyRenames: [
          { oldName: 'email', newName: 'plan' },
          { oldName: 'plan', newName: 'email' },
        ],
      }),
    );
    assert.deepEqual(swapped['traits'], { email: 'free', plan: 'a@b.c' });
  });

  it('cannot reach what is at the top of an event', () => {
    const renamed = changed(
      track,
      config({ propertyRenames: [{ oldName: 'userId', newName: 'event' }] }),
    );
    assert.deepEqual(renamed, track);
  });

  it('write values where there is one, in each item of a list', () => {
    const work = {
      propertyValueTransformations: [
        { propertyPaths: ['email', 'context.page.url', 'nothing'], propertyValue: 'gone' },
        { propertyPaths: ['products.price'], propertyValue: '?' },
      ],
    };
    const { properties, context } = changed(track, config(work));
    assert.deepEqual(properties, {
      ...track.properties,
      email: 'gone',
      products: [{ price: '?' }, { price: '?' }],
    });
    assert.deepEqual(context, { page: { url: 'gone' } });
  });

  it('define a property in FQL on the event as it came, and write no null', () => {
    const define = (fql: string) =>
      config({ newEventName: 'New', fqlDefinedProperties: [{ fql, propertyName: 'made' }] });
    assert.deepEqual(changed(track, define('uppercase(event)'))['properties'], {
      ...track.properties,
      made: 'ORDER COMPLETED',
    });
    assert.deepEqual(changed(track, define('properties.none'))['properties'], track.properties);
    assert.equal(transformed(track, define('number(event)')), 'failed');
    const large = { ...track, properties: { text: 'x'.repeat(40_000) } };
    assert.equal(transformed(large, define('[properties.text, properties.text]')), 'failed');
  });

  it('leave only the allowed properties of the objects that are named', () => {
    const work = { allowProperties: ['total', 'properties.products.price'] };
    const { properties, context } = changed(
      { ...track, properties: { ...track.properties, products: [{ price: 1, sku: 's' }] } },
      config(work),
    );
    assert.deepEqual(properties, { total: 12, products: [{ price: 1 }] });
    assert.deepEqual(context, track.context);
  });

  it('hash values, with a key as an HMAC, in every encoding', () => {
    const digest = (hash: Omit<TransformationWork['hashPropertiesConfiguration'] & {}, 'paths'>) =>
      changed(identify, config({ hashPropertiesConfiguration: { ...hash, paths: ['email'] } }))[
        'traits'
      ];
    const sha = createHash('sha256').update('a@b.c').digest();
    assert.deepEqual(digest({ algorithm: 'sha-256' }), {
      email: sha.toString('hex'),
      plan: 'free',
    });
    assert.deepEqual(digest({ algorithm: 'SHA256', encoding: 'BASE16' }), {
      email: sha.toString('hex').toUpperCase(),
      plan: 'free',
    });
    assert.deepEqual(digest({ algorithm: 'SHA256', encoding: 'BASE64URL' }), {
      email: sha.toString('base64url'),
      plan: 'free',
    });
    const keyed = createHmac('sha512', 'secret').update('a@b.c').digest('base64');
    assert.deepEqual(digest({ algorithm: 'SHA512', key: 'secret', encoding: 'BASE64' }), {
      email: keyed,
      plan: 'free',
    });
    assert.equal(
      transformed(
        identify,
        config({ hashPropertiesConfiguration: { algorithm: 'ROT13', paths: ['email'] } }),
      ),
      'failed',
    );
  });

  it('open the keys of hashes, and fail rather than hash with one that does not open', () => {
    const [box, other] = [createSecretBox('one'.repeat(20)), createSecretBox('two'.repeat(20))];
    const sealed = config({
      hashPropertiesConfiguration: {
        algorithm: 'MD5',
        key: box.seal('key', 't'),
        paths: ['email'],
      },
    });
    const [opened = assert.fail(), plain] = openKeys([sealed, config({ drop: true })], () => box);
    const email = createHmac('md5', 'key').update('a@b.c').digest('hex');
    assert.deepEqual(changed(identify, opened)['traits'], { email, plan: 'free' });
    assert.deepEqual(plain, config({ drop: true }));
    assert.equal(transformed(identify, sealed), 'failed');
    assert.equal(transformed(identify, ...openKeys([sealed], () => other)), 'failed');
  });

  it('rename, write, define, allow and hash in this order', () => {
    const work = {
      propertyRenames: [{ oldName: 'email', newName: 'mail' }],
      allowProperties: ['mail'],
      hashPropertiesConfiguration: { algorithm: 'MD5', paths: ['mail'] },
    };
    const mail = createHash('md5').update('a@b.c').digest('hex');
    assert.deepEqual(changed(identify, config(work))['traits'], { mail });
  });

  it('take __proto__ for a key like any other', () => {
    const event: JsonObject = JSON.parse(
      '{"type":"track","properties":{"__proto__":{"x":1},"y":2}}',
    );
    const renamed = changed(
      event,
      config({ propertyRenames: [{ oldName: 'y', newName: '__proto__.y' }] }),
    );
    assert.equal(JSON.stringify(renamed['properties']), '{"__proto__":{"x":1,"y":2}}');
    assert.equal(Object.getPrototypeOf(renamed['properties']), Object.prototype);
  });
});
