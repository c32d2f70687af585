import type { Offset } from '../../core/event-log.ts';
import { type InputRange, InputRanges } from '../../core/input-ranges.ts';
import type { CoveredRange } from '../../core/key-set.ts';
import type { KeyTable } from './key-table.ts';

/** The keys of a stretch of input that are in memory: the table and what it covers. */
export class Generation {
  readonly table: KeyTable;
  oldest = Number.POSITIVE_INFINITY;
  newest = Number.NEGATIVE_INFINITY;
  readonly #ranges = new InputRanges();
  seenFrom: Offset = Number.POSITIVE_INFINITY;
  seenTo: Offset = 0;

  constructor(table: KeyTable) {
    this.table = table;
  }

  insert(hi: number, lo: number, receivedAt: number): void {
    this.table.insert(hi, lo);
    if (receivedAt < this.oldest) this.oldest = receivedAt;
    if (receivedAt > this.newest) this.newest = receivedAt;
  }

  cover(range: CoveredRange): void {
    this.#ranges.add(range);
    this.seenFrom = Math.min(this.seenFrom, range.seenFrom);
    this.seenTo = Math.max(this.seenTo, range.seenTo);
  }

  get ranges(): readonly InputRange[] {
    return this.#ranges.all;
  }
}
