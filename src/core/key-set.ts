import type { Offset } from './event-log.ts';
import type { InputRange } from './input-ranges.ts';

/**
 * The seam between process and the engines that remember message ids (`storage/keys/*`). A key is a
 * 64-bit keyed fingerprint, uniform over its range, given as two unsigned 32-bit halves. One process
 * owns the set of a partition. Every engine passes `key-set.conformance.ts`.
 *
 * The set is a cache of the log `seen` and can be rebuilt: it keeps what it has on disk, says which
 * input that covers, and the owner adds the rest before it processes anything.
 */
export interface KeySet {
  /**
   * Adds a key; true when it is new. A key is remembered for at least the window, measured in the
   * receivedAt (ms since the epoch) of the keys, never on the wall clock; often longer. Synchronous:
   * newest keys are in memory, and for an older one at most a few blocks of 4 KB are read.
   * Between two `cover` calls at most `limits.dedupePendingKeys` keys may be added.
   */
  add(hi: number, lo: number, receivedAt: number): boolean;
  /**
   * Says that every key of this input range has been added, that the range is committed, and that no
   * other key was added since the last call. Only here are keys moved to disk: never a key whose
   * event is not committed. Resolves when there is room for more keys.
   */
  cover(range: CoveredRange): Promise<void>;
  /** Input ranges whose keys the set has on disk. Ranges that left the window are gone from it. */
  readonly covered: readonly InputRange[];
  /** Everything that the set has on disk stands in `seen` at or before this offset; 0 when it has nothing. */
  readonly seenTo: Offset;
  /** What stands in `seen` before this offset is older than the window: the owner may trim it. */
  readonly seenNeededFrom: Offset;
  /** Input before this offset is covered on disk, flushed: without `seen`, nothing older is needed. */
  readonly durableTo: Offset;
  /** Keys received before this moment (ms) have left the window; 0 while nothing has. */
  readonly horizon: number;
  /** True when something on disk was unusable at opening: what `covered` lacks must be rebuilt. */
  readonly damaged: boolean;
  /** For /health and metrics: keys remembered, sorted files, bytes of memory held for them. */
  stats(): KeySetStats;
  /** Stops background work and releases files. Keys in memory are not written: `seen` has them. */
  close(): Promise<void>;
}

/** An input range and where its keys stand in `seen`: records from `seenFrom` on, none of them after `seenTo`. */
export interface CoveredRange extends InputRange {
  readonly seenFrom: Offset;
  readonly seenTo: Offset;
}

export interface KeySetStats {
  readonly keys: number;
  readonly files: number;
  readonly memoryBytes: number;
}
