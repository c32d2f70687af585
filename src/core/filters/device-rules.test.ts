import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceRules } from './device-rules.ts';

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
