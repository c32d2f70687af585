import type { Offset } from '../../core/event-log.ts';
import type { WarehouseConfig } from '../../core/snapshot.ts';

/** What is loaded besides what is new: the events of a range, once more. */
export interface Backfill {
  /** Id of the request: the name of its stream. */
  readonly id: string;
  /** Milliseconds since the epoch: events received in [from, to). */
  readonly from: number;
  readonly to: number;
  /** Absent: all sources of the warehouse. */
  readonly sourceId?: string;
  /** Its table alone. Absent: all of them. */
  readonly collection?: string;
}

/** How far a partition was read. */
export interface Reached {
  /** Where the cursor stands in the warehouse; 0 while there is none. */
  readonly cursor: Offset;
  /** From there up to here there is nothing to load. */
  readonly upTo: Offset;
}

/** One sync of one warehouse: plain data, it goes to another process. */
export interface SyncJob {
  /** Its settings are opened. */
  readonly warehouse: WarehouseConfig;
  /** Slugs by id of the sources that are loaded into it. */
  readonly slugs: Readonly<Record<string, string>>;
  /** What is new, or a range. */
  readonly backfill?: Backfill;
  /** By partition, of what is new: where there was nothing more to load. */
  readonly seen: Readonly<Record<number, Reached>>;
  /** As in `Snapshot`: whose events are left out. */
  readonly suppressions?: number;
  readonly deletions?: number;
  readonly newestDeletion?: number;
}

/** Something that the owner of the warehouse should know, in words. */
export interface SyncNotice {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
}

export interface SyncResult {
  /** Rows by source, of sources that brought any. */
  readonly rows: Readonly<Record<string, number>>;
  readonly notices: readonly SyncNotice[];
  /** False: its time ran out, or it was stopped; the next goes on. */
  readonly isComplete: boolean;
  /** By partition. */
  readonly reached: Readonly<Record<number, Reached>>;
}
