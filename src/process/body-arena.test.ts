import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyArena } from './body-arena.ts';

test('every text keeps its bytes until the arena is cleared, whatever their sizes', () => {
  const arena = new BodyArena();
  for (let round = 0; round < 3; round++) {
    const texts = Array.from(
      { length: 400 },
      (_, n) => `${round}-${n}-${'ä€😀'.repeat((n * 37) % 3_000)}`,
    );
    texts.push('x'.repeat(5_000_000), '');
    const bodies = texts.map((text) => arena.write(text));
    assert.deepEqual(
      bodies.map((body) => body.toString()),
      texts,
    );
    arena.clear();
  }
});
