import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isWithinDepth, sizeBound } from './measure-json.ts';

test('the bound is never below the size of the JSON text', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const json: unknown = JSON.parse(JSON.stringify(value));
      const bytes = Buffer.byteLength(JSON.stringify(json));
      assert.ok(sizeBound(JSON.parse(JSON.stringify(value)), 100) >= bytes);
    }),
    { seed: 20_261_120 },
  );
  assert.ok(sizeBound('\u0000'.repeat(50), 1) >= 302);
  assert.ok(sizeBound([-1.7976931348623157e308, 1e20], 1) >= 48);
});

test('depth counts objects and arrays alike, and its own recursion is bounded', () => {
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  assert.equal(isWithinDepth(nested(3), 3), true);
  assert.equal(isWithinDepth(nested(4), 3), false);
  assert.equal(isWithinDepth({ a: [{ b: 1 }] }, 3), true);
  assert.equal(isWithinDepth({ a: [{ b: 1 }] }, 2), false);
  assert.equal(isWithinDepth(7, 0), true);
  assert.equal(isWithinDepth(nested(500_000), 200), false);
});
