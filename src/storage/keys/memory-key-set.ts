import type { KeySet } from '../../core/key-set.ts';

/** Remembers every key for as long as it lives, in a Map. For tests: 60 bytes a key and no window. */
export function createMemoryKeySet(): KeySet {
  const keys = new Map<number, Set<number>>();
  let size = 0;
  return {
    add(hi, lo) {
      const lows = keys.get(hi) ?? new Set<number>();
      if (lows.has(lo)) return false;
      keys.set(hi, lows.add(lo));
      size++;
      return true;
    },
    cover: () => Promise.resolve(),
    covered: [],
    seenTo: 0,
    seenNeededFrom: 0,
    durableTo: 0,
    horizon: 0,
    damaged: false,
    stats: () => ({ keys: size, files: 0, memoryBytes: size * 60 }),
    close: () => Promise.resolve(),
  };
}
