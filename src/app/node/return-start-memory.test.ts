import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returnStartMemory } from './return-start-memory.ts';

test('what nobody holds any more is given back, and nothing else can ask for it', async () => {
  const held = { name: 'held' };
  const dropped = new WeakRef({ name: 'dropped' });
  const kept = new WeakRef(held);
  // A target is held until the turn in which it was made is over.
  await new Promise((resolve) => setImmediate(resolve));
  returnStartMemory();
  assert.equal(dropped.deref(), undefined);
  assert.equal(kept.deref(), held);
  assert.equal('gc' in globalThis, false);
});
