import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Ajv from 'ajv';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../core/json.ts';
import { compilePattern } from '../../../core/pattern.ts';
import { compileSchema } from './compile-schema.ts';

function faults(schema: Json, value: Json): string[] {
  return compileSchema(
    schema,
    compilePattern,
  )(value).map(
    ({ kind, path, description }) => `${kind} at ${path.join('.') || '(root)'}: ${description}`,
  );
}

const scalar = fc.oneof(
  fc.constant<Json>(null),
  fc.boolean(),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom('a', 'b', 'ab', '', '2026-11-21', 'x@y.z'),
);
const keys = fc.constantFrom('a', 'b', 'c');
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const small = fc.integer({ min: 0, max: 3 });
const schemas = fc.letrec<{ schema: Json }>((tie) => {
  const inner = tie('schema');
  const list = fc.array(inner, { minLength: 1, maxLength: 2 });
  const map = fc.dictionary(fc.constantFrom('a', 'b', 'c'), inner, { maxKeys: 2 });
  const type = fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean', 'null');
  const keyword = fc.oneof(
    fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })) }),
    fc.record({
      enum: fc.uniqueArray(json, {
        minLength: 1,
        maxLength: 3,
        comparator: 'SameValue',
        selector: (one) => JSON.stringify(one),
      }),
    }),
    fc.record({ const: json }),
    fc.record({ minLength: small }),
    fc.record({ maxLength: small }),
    fc.record({ pattern: fc.constantFrom('^a', 'b$', '[ab]+', '^$') }),
    fc.record({ minimum: small, exclusiveMaximum: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ maximum: small, exclusiveMinimum: small, multipleOf: fc.constantFrom(1, 2) }),
    fc.record({ required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }) }),
    fc.record({ properties: map, additionalProperties: inner }),
    fc.record({ properties: map, patternProperties: fc.record({ '^[ab]$': inner }) }),
    fc.record({ minProperties: small }),
    fc.record({ maxProperties: small }),
    fc.record({ propertyNames: inner }),
    fc.record({
      dependencies: fc.dictionary(
        fc.constantFrom('a', 'b'),
        fc.oneof(inner, fc.constant<Json>(['c'])),
        { maxKeys: 2 },
      ),
    }),
    fc.record({ items: inner }),
    fc.record({ items: list, additionalItems: inner }),
    // Apart from `items`: Ajv passes over a `contains` that stands beside `items: [false]`, on `[]`.
    inner.map((contains) => ({ allOf: [{ contains }] })),
    fc.record({ minItems: small }),
    fc.record({ maxItems: small, uniqueItems: fc.constant(true) }),
    fc.record({ allOf: list }),
    fc.record({ anyOf: list }),
    fc.record({ oneOf: list }),
    fc.record({ not: inner }),
    fc
      .tuple(inner, inner, inner)
      .map((parts) =>
        Object.fromEntries(['if', 'then', 'else'].map((key, at) => [key, parts[at]])),
      ),
    fc.constant({ $ref: '#/definitions/one' }),
  );
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.boolean(),
      fc
        .array(keyword, { minLength: 1, maxLength: 3 })
        .map((all) => Object.assign({}, ...all) as Json),
    ),
  };
}).schema;

describe('a compiled schema', () => {
  it('takes and refuses the values that another validator takes and refuses', () => {
    const ajv = new Ajv.default({ strict: false, validateSchema: false, logger: false });
    fc.assert(
      fc.property(schemas, json, (made, value) => {
        const definitions = { one: { type: ['string', 'object'], maxProperties: 1 } };
        const schema: JsonObject =
          typeof made === 'object' ? { ...(made as JsonObject), definitions } : { allOf: [made] };
        const expected = ajv.compile(schema)(value);
        assert.equal(
          faults(schema, value).length === 0,
          expected,
          JSON.stringify({ schema, value }),
        );
      }),
      { numRuns: 1_000, seed: 20_261_121 },
    );
  });

  it('says what is wrong in the words of Segment', () => {
    const schema = {
      properties: {
        properties: {
          type: 'object',
          required: ['price'],
          properties: {
            price: { type: 'integer' },
            code: { type: 'string', pattern: '^[A-Z]+$', maxLength: 3 },
            when: { format: 'date-time' },
            size: { enum: ['S', 'M'] },
            products: { type: 'array', items: { properties: { price: { minimum: 1 } } } },
          },
          additionalProperties: false,
        },
      },
    };
    assert.deepEqual(faults(schema, { properties: { price: 1.5 } }), [
      'Invalid Type at properties.price: Invalid type. Expected: integer, given: number',
    ]);
    assert.deepEqual(
      faults(schema, {
        properties: {
          code: 'abcd',
          when: 'today',
          size: 'L',
          products: [{ price: 1 }, { price: 0 }],
          more: 1,
        },
      }),
      [
        'Required at properties.price: price is required',
        'String Length at properties.code: String length must be less than or equal to 3',
        "Pattern at properties.code: Does not match pattern '^[A-Z]+$'",
        "Format at properties.when: Does not match format 'date-time'",
        'Enum at properties.size: Must be one of the following: "S", "M"',
        'Number at properties.products.1.price: Must be greater than or equal to 1',
        'Unplanned at properties.more: Additional property more is not allowed',
      ],
    );
  });

  it('reads the exclusive bounds of draft 4', () => {
    const schema = { minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: false };
    assert.deepEqual(faults(schema, 1), ['Number at (root): Must be greater than 1']);
    assert.deepEqual(faults(schema, 3), []);
  });

  it('knows formats by their values, not only their looks', () => {
    const fits = (format: string, value: string) => faults({ format }, value).length === 0;
    for (const [format, good, bad] of [
      ['date-time', '2026-02-28T23:59:59.123Z', '2026-02-30T00:00:00Z'],
      ['date-time', '2024-02-29T00:00:00+01:00', '2023-02-29T00:00:00Z'],
      ['date', '2026-11-21', '2026-13-01'],
      ['email', 'a@b.c', 'a b@c'],
      ['ipv4', '1.2.3.4', '1.2.3.400'],
      ['ipv6', '::1', '1.2.3.4'],
      ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123'],
      ['uri', 'https://x.y/z', '/z'],
      ['hostname', 'a-b.c', '-a.b'],
    ] as const) {
      assert.equal(fits(format, good), true, good);
      assert.equal(fits(format, bad), false, bad);
    }
    assert.equal(fits('of its own', 'anything'), true);
  });

  it('passes what it does not understand', () => {
    assert.deepEqual(faults({ $ref: 'https://elsewhere/schema' }, 1), []);
    assert.deepEqual(faults({ $ref: '#/nowhere' }, 1), []);
    assert.deepEqual(faults({ pattern: '(?=a)b' }, 'b'), []);
    assert.deepEqual(faults({ required: true, type: 7 }, {}), []);
  });

  it('ends on schemas that would go on for ever', () => {
    const itself = { $ref: '#' };
    assert.match(faults(itself, 1).join(), /Too Complex/);
    const doubling = { anyOf: [{ not: { $ref: '#' } }, { not: { $ref: '#' } }] };
    assert.match(faults(doubling, 1).join(), /Too Complex/);
    const wide = { uniqueItems: true, items: { anyOf: [{ $ref: '#' }, { $ref: '#' }] } };
    const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`);
    assert.ok(faults(wide, deep).length >= 0);
  });

  it('refuses the part of its work that patterns would make too long', () => {
    const pattern = '^(a|b|c){200}$';
    const text = 'abc'.repeat(100_000);
    assert.match(faults({ pattern }, text).join(), /Too Complex/);
    assert.equal(compilePattern('(?i)(a|b|c){900}'), undefined);
    assert.equal(compilePattern('(a{1000}){1000}'), undefined);
    assert.deepEqual(faults({ pattern: '^[A-Z]{2}-\\d{4}$' }, 'AB-1234'), []);
  });

  it('tests patterns in linear time', () => {
    const text = `${'a'.repeat(30_000)}!`;
    assert.deepEqual(faults({ pattern: '^(a+)+$' }, text).length, 1);
    assert.deepEqual(faults({ pattern: '^(a|a)*$' }, text).length, 1);
  });

  it('tells of so many faults of one value at most', () => {
    const names = Array.from({ length: 500 }, (_, index) => `n${index}`);
    assert.equal(faults({ required: names }, {}).length, 50);
  });
});
