import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileShaping } from './compile-shaping.ts';

const event = { type: 'track', event: 'A', properties: { keep: 1, secret: 's', n: 'text' } };
const random = () => 0;

test('a destination without filters and transformations asks nothing of its events', () => {
  assert.equal(compileShaping([], []), undefined);
});

test('transformations see the event behind the filters, their conditions too', () => {
  const shaping = compileShaping(
    [{ if: 'all', actions: [{ type: 'DROP_PROPERTIES', fields: { properties: ['secret'] } }] }],
    [{ id: 't', if: 'properties.secret = null', work: { newEventName: 'Without' } }],
  );
  assert.equal(shaping?.refuse(event, random), undefined);
  assert.deepEqual(shaping?.edit?.(event), {
    type: 'track',
    event: 'Without',
    properties: { keep: 1, n: 'text' },
  });
});

test('what a filter drops is not transformed; what a transformation drops or fails on is refused', () => {
  const drop = { id: 't', if: "event = 'A'", work: { drop: true } };
  const failing = { id: 't', if: 'properties.n > 1', work: { newEventName: 'B' } };
  const filter = { if: 'all', actions: [{ type: 'DROP' as const }] };
  assert.equal(compileShaping([filter], [failing])?.refuse(event, random), 'filtered_by_rules');
  assert.equal(compileShaping([], [drop])?.refuse(event, random), 'filtered_by_transformation');
  assert.equal(compileShaping([], [failing])?.refuse(event, random), 'transformation_failed');
});

test('each event is transformed by itself, also when one is asked for again', () => {
  const shaping = compileShaping([], [{ id: 't', if: "event = 'A'", work: { newEventName: 'B' } }]);
  const other = { type: 'track', event: 'C' };
  assert.equal(shaping?.refuse(event, random), undefined);
  assert.equal(shaping?.edit?.(other), other);
  assert.equal(shaping?.edit?.(event)['event'], 'B');
});
