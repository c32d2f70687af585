import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeenKeys } from './seen-keys.ts';

test('keys are told apart, also when there are many', () => {
  const seen = new SeenKeys();
  for (let id = 0; id < 50_000; id += 1) assert.equal(seen.add(`user-${id}`), true);
  assert.equal(seen.size, 50_000);
  for (let id = 0; id < 50_000; id += 97) assert.equal(seen.add(`user-${id}`), false);
  assert.equal(seen.has('user-49999'), true);
  assert.equal(seen.has('user-50000'), false);
});
