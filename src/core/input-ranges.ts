import type { Offset } from './event-log.ts';

/** Offsets of `accepted`, [from, to). */
export interface InputRange {
  readonly from: Offset;
  readonly to: Offset;
}

/** A set of input offsets, kept as sorted, disjoint ranges. */
export class InputRanges {
  #ranges: InputRange[] = [];

  constructor(ranges: readonly InputRange[] = []) {
    for (const range of ranges) this.add(range);
  }

  add(added: InputRange): void {
    if (added.from >= added.to) return;
    let { from, to } = added;
    const apart: InputRange[] = [];
    for (const range of this.#ranges) {
      if (range.to < from || range.from > to) apart.push(range);
      else {
        from = Math.min(from, range.from);
        to = Math.max(to, range.to);
      }
    }
    this.#ranges = [...apart, { from, to }].sort((a, b) => a.from - b.from);
  }

  covers({ from, to }: InputRange): boolean {
    return this.#ranges.some((range) => range.from <= from && range.to >= to);
  }

  /** What of [from, to) is not in the set. */
  missing({ from, to }: InputRange): InputRange[] {
    const gaps: InputRange[] = [];
    let at = from;
    for (const range of this.#ranges) {
      if (range.to <= at) continue;
      if (range.from >= to) break;
      if (range.from > at) gaps.push({ from: at, to: range.from });
      at = range.to;
    }
    if (at < to) gaps.push({ from: at, to });
    return gaps;
  }

  get all(): readonly InputRange[] {
    return this.#ranges;
  }
}
