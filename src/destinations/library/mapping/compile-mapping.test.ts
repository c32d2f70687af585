import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { JsonObject } from '../../../core/json.ts';
import { readLibraryDestinations } from '../library-destinations.ts';
import { compileMapping } from './compile-mapping.ts';
import { knownMappings, type MappingKit } from './known-mappings.ts';

const require = createRequire(import.meta.url);
const packaged = createRequire(require.resolve('@segment/action-destinations'));
const core = createRequire(packaged.resolve('@segment/actions-core'));
const kit: MappingKit = { ...core('./mapping-kit/index.js') };
const transform = (mapping: JsonObject, event: object) => kit.transform(mapping, event);

const product = { product_id: 'p', price: 9.5, tags: ['a', null], nested: { deep: { x: 1 } } };
const events: readonly JsonObject[] = [
  {},
  {
    type: 'track',
    event: 'Order Completed',
    userId: 'u',
    properties: { products: [product, product], total: 0 },
  },
  {
    type: 'identify',
    userId: '',
    anonymousId: 'a',
    traits: { email: 'e@x', address: { city: 'Köln' }, list: [] },
  },
  {
    type: 'page',
    name: null,
    context: { ip: '::1', page: { url: 'https://x/?a=1' }, campaign: {} },
    timestamp: '2026-11-20T00:00:00.000Z',
  },
];

test('every preset of the library maps events as the library itself does', async () => {
  let compared = 0;
  for (const { slug, readActions } of await readLibraryDestinations()) {
    for (const { fields, name } of readActions().presets) {
      const compiled = compileMapping(fields, transform);
      if (compiled === undefined) continue;
      for (const event of events) {
        const ours = outcome(() => compiled(event));
        assert.deepEqual(
          ours,
          outcome(() => transform(fields, event)),
          `${slug} ${name}`,
        );
        compared += 1;
      }
    }
  }
  assert.ok(compared > 2_000, String(compared));
});

const mappings: readonly JsonObject[] = [
  `{"a": {"@path": "$.properties.products[0].nested"}, "b": {"@path": "$.properties['total']"}, "c": 1}`,
  '{"a": {"b": {"c": {"@path": "$.missing.deep"}}, "d": [{"@path": "$.userId"}, "x"]}}',
  '{"a": {"@if": {"exists": {"@path": "$.userId"}, "then": "yes", "else": {"@path": "$.anonymousId"}}}}',
  '{"a": {"@if": {"exists": {"@path": "$.name"}, "then": "yes", "else": 0}}, "b": {"@template": "{{userId}}!"}}',
  '{"a": {"@literal": {"@path": "$.event"}}, "b": {"@arrayPath": ["$.properties.products", {"id": {"@path": "$.price"}}]}}',
  '{"a": ["x", {"y": null}], "b": "", "c": null, "d": {"@path": "$"}, "e": {"@path": "$.userId.length"}}',
  '{"a": {"@path": "$.event", "_metadata": {"x": 1}}, "b": {"@flatten": {"value": {"@path": "$.properties"}, "separator": "."}}}',
].map((text) => JSON.parse(text));

for (const mapping of mappings) {
  test(`${JSON.stringify(mapping)} maps as in the library`, () => {
    const compiled = compileMapping(mapping, transform);
    assert.ok(compiled);
    for (const event of events) {
      assert.deepEqual(
        outcome(() => compiled(event)),
        outcome(() => transform(mapping, event)),
      );
    }
  });
}

test('what a mapping gives out shares nothing with the event and the mapping', () => {
  const event = { properties: { list: [{ a: 1 }] } };
  const mapping = { all: { '@path': '$.properties' }, fixed: { list: [{ b: 2 }] } };
  const made = compileMapping(mapping, transform)?.(event);
  assert.deepEqual(made, { all: event.properties, fixed: mapping.fixed });
  assert.notEqual(made?.['all'], event.properties);
  assert.notEqual(Object(made?.['fixed']).list[0], mapping.fixed.list[0]);
});

test('a mapping that cannot be is refused, as by the library', () => {
  const known = knownMappings(kit);
  const broken = { a: { '@path': 1, '@template': 'x' } };
  assert.throws(() => kit.transformBatch(broken, []));
  assert.throws(() => known.transformBatch(broken, [{}]));
  assert.throws(() => known.transform(broken, {}));
});

function outcome(work: () => JsonObject): unknown {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}
