import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { compileFilters } from './compile-filters.ts';
import { deviceRules } from './device-rules.ts';
import type { FilterConfig } from './filter-config.ts';

// Written for browsers.
Object.assign(globalThis, { self: globalThis });

/** What analytics.js evaluates routing rules with. */
const clients: {
  matches(event: JsonObject, matcher: unknown): boolean;
  transform(event: JsonObject, transformers: unknown): JsonObject | null;
} = createRequire(import.meta.url)(
  '../../../node_modules/@segment/analytics-next/dist/cjs/vendor/tsub/tsub.js',
);

const of = (actions: Parameters<typeof deviceRules>[1][number]['actions'], text = 'all') =>
  deviceRules('Heap', [{ if: text, actions }]);

test('filters are routing rules of the clients, in the order of the server', () => {
  const rules = of(
    [
      { type: 'ALLOW_PROPERTIES', fields: { properties: ['a'] } },
      { type: 'DROP' },
      { type: 'DROP_PROPERTIES', fields: { properties: ['url'] } },
      { type: 'SAMPLE', percent: 0.5 },
    ],
    "event = 'X'",
  );
  assert(rules.ok);
  assert.deepEqual(
    rules.rules.map(({ transformers }) => transformers),
    [
      [[{ type: 'sample_event', config: { sample: { percent: 0.5 } } }]],
      [[{ type: 'drop' }]],
      [[{ type: 'drop_properties', config: { drop: { properties: ['url'] } } }]],
      [[{ type: 'allow_properties', config: { allow: { properties: ['a'] } } }]],
    ],
  );
  assert.deepEqual(rules.rules[0], {
    scope: 'destinations',
    target_type: 'workspace::project::destination::config',
    destinationName: 'Heap',
    matchers: [{ type: 'fql', ir: '["=","event",{"value":"X"}]' }],
    transformers: [[{ type: 'sample_event', config: { sample: { percent: 0.5 } } }]],
  });
});

test('what the clients would judge otherwise is refused, with its field', () => {
  assert.partialDeepStrictEqual(of([{ type: 'DROP' }], "uppercase(event) = 'X'"), {
    ok: false,
    field: 'if',
  });
  const sampled = of([{ type: 'DROP' }, { type: 'SAMPLE', percent: 0.5, path: 'userId' }]);
  assert.partialDeepStrictEqual(sampled, { ok: false, field: 'actions.1.path' });
});

test('analytics.js leaves of an event what the server leaves', () => {
  const drop = (fields: Record<string, string[]>): FilterConfig => ({
    if: "type = 'track'",
    actions: [{ type: 'DROP_PROPERTIES', fields }],
  });
  const cases: readonly (readonly FilterConfig[])[] = [
    [{ if: "event = 'X'", actions: [{ type: 'DROP' }] }],
    [{ if: "event = 'Y'", actions: [{ type: 'DROP' }] }],
    [drop({ properties: ['a'], 'properties.list': ['b'], '': ['userId'] })],
    [{ if: 'all', actions: [{ type: 'ALLOW_PROPERTIES', fields: { properties: ['a'] } }] }],
    [{ if: 'all', actions: [{ type: 'SAMPLE', percent: 0 }] }],
    [{ if: 'all', actions: [{ type: 'SAMPLE', percent: 1 }] }, drop({ context: ['ip'] })],
  ];
  for (const filters of cases) {
    const event = {
      ...{ type: 'track', messageId: 'm', event: 'X', userId: 'u', context: { ip: '1' } },
      properties: { a: 1, list: [{ b: 1, c: 2 }] },
    };
    const server = compileFilters(filters);
    const refused = server?.refuse(event, () => 0.5) !== undefined;
    const here = refused ? null : (server?.edit?.(event) ?? event);
    const rules = deviceRules('Heap', filters);
    assert(rules.ok);
    let there: JsonObject | null = structuredClone(event);
    for (const { matchers, transformers } of rules.rules) {
      const [matcher] = Array.isArray(matchers) ? matchers : [];
      const [list] = Array.isArray(transformers) ? transformers : [];
      if (there !== null && clients.matches(there, matcher)) there = clients.transform(there, list);
    }
    assert.deepEqual(there, here, JSON.stringify(filters));
  }
});
