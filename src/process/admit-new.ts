import type { LogEntry } from '../core/event-log.ts';
import type { KeySet } from '../core/key-set.ts';
import type { Batch } from './prepare-batch.ts';

export interface Admitted {
  readonly events: readonly LogEntry[];
  /** Where each admitted event stands in the batch. */
  readonly indexes: readonly number[];
  /** And each that was seen before. */
  readonly repeated: readonly number[];
  /** By source. */
  readonly counts: ReadonlyMap<string, number>;
  readonly duplicates: ReadonlyMap<string, number>;
}

/**
 * Lets pass what was not seen before, duplicates within the batch included. Called for one batch at
 * a time, after the commit of the one before: until its own commit, its keys are in memory alone.
 */
export function admitNew(batch: Batch, keys: KeySet): Admitted {
  const events: LogEntry[] = [];
  const indexes: number[] = [];
  const repeated: number[] = [];
  const counts = new Map<string, number>();
  const duplicates = new Map<string, number>();
  for (const [index, entry] of batch.events.entries()) {
    const { keys: list } = batch;
    const isNew = keys.add(list.hi(index), list.lo(index), list.receivedAt(index));
    const tally = isNew ? counts : duplicates;
    tally.set(entry.source, (tally.get(entry.source) ?? 0) + 1);
    if (isNew) {
      events.push(entry);
      indexes.push(index);
    } else {
      repeated.push(index);
    }
  }
  return { events, indexes, repeated, counts, duplicates };
}
