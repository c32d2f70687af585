/** Seeded randomness: the same seed gives the same run. */
export interface Random {
  readonly seed: number;
  /** In [0, 1). */
  next(): number;
  /** An integer in [from, to]. */
  between(from: number, to: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One of `items`, of which there is at least one. */
  pick<T>(items: readonly T[]): T;
}

/** mulberry32: small, fast, and good enough to choose test data with. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    seed,
    next,
    between,
    chance: (p) => next() < p,
    pick: (items) => {
      const [item] = items.slice(between(0, items.length - 1));
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}
