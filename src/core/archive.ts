import type { LogRecord, Offset } from './event-log.ts';

/**
 * The archive as readers of `events` see it: what the log no longer has. Of one partition. Its events stand in the order
 * and under the offsets that they had in the log, each once. Rejects with `object_store_failed`.
 */
export interface ArchiveReader {
  /**
   * The source's events at or after `from` and before `before`, some of them. `next` is where to read on; `before`
   * when the archive has no more of them. What was deleted from it meanwhile is left out.
   */
  read(source: string, from: Offset, before: Offset): Promise<ArchiveRead>;
  /** The offset of the first of the source's events that may have been received at or after `time`; undefined when there is none. */
  offsetAt(source: string, time: number): Promise<Offset | undefined>;
  /** About how many of the source's events stand in [from, to): files that reach beyond count in part. */
  count(source: string, from: Offset, to: Offset): Promise<number>;
  /** Where the archive ends: what stands behind it in the log is not archived yet. */
  end(): Promise<Offset>;
}

export interface ArchiveRead {
  /** As those of the log; their bodies stay valid. */
  readonly records: readonly LogRecord[];
  readonly next: Offset;
}
