/**
 * The seam between the pipeline and a log engine (`storage/log/*`). A log is an append-only
 * sequence of records in commits; a commit is whole or absent after any crash. One process writes a
 * log; any number read it, in this process or another. Every engine passes `event-log.conformance.ts`.
 *
 * Each log has partitions; record order is defined within one. The embedded engines have exactly
 * one, number 0.
 */

/** The logs, and who writes each. */
export const logNames = {
  /** Ingest: one record per HTTP request, the original bytes. */
  accepted: 'accepted',
  /** Process: normalised events, its discards, the input position reached. */
  events: 'events',
  /** Process: events in front of the insert function of their source, and requests to source functions. */
  staged: 'staged',
  /** Process: dedupe keys of the input that `events` has committed. */
  seen: 'seen',
  /** Deliver: its discards and outcomes. */
  results: 'results',
  /** The worker: discards kept after the `events` file they stood in was deleted. */
  discards: 'discards',
} as const;
export type LogName = keyof typeof logNames;

export function isLogName(value: unknown): value is LogName {
  return typeof value === 'string' && value in logNames;
}

/**
 * Where a record begins. Comparable with `<`, a safe integer, never used twice in one deployment,
 * also not after a torn tail was cut. Readers treat it as opaque; 0 is before every record.
 */
export type Offset = number;

export interface LogEntry {
  /** What the record is, 0–255; the constants of `core/records.ts`. */
  readonly kind: number;
  /** Id of the source it belongs to, at most 64 ASCII characters; '' when it belongs to none. */
  readonly source: string;
  /** A small JSON text; '' for none. */
  readonly meta: string;
  /** The payload, at most `limits.logRecordBytes`. The log copies it: the caller may reuse it. */
  readonly body: Uint8Array;
}

export interface LogRecord {
  readonly offset: Offset;
  readonly kind: number;
  readonly source: string;
  readonly meta: string;
  /** A view into the read buffer: valid until the next read of the same reader; copy to keep. */
  readonly body: Buffer;
}

export interface AppendOptions {
  /** Input position this commit covers; becomes the log's `mark`. Never lower than an earlier one. */
  readonly mark?: Offset;
}

export interface LogWriter {
  /**
   * Appends the entries as one atomic unit and resolves with the offset of the first once they are
   * durable (flushed). Units keep the order of the calls. Rejects with `log_unavailable` when the flush failed: nothing of the unit will ever be
   * read, the next append goes to a new file, and nothing is retried. Units appended before the
   * failure was known reject with it, so that no mark passes over a loss. An empty array with a
   * `mark` is a commit of the mark alone.
   */
  append(entries: readonly LogEntry[], options?: AppendOptions): Promise<Offset>;
  /** The end: the offset the next record will have at the earliest. */
  readonly end: Offset;
  /** The last mark committed, 0 when there was none. */
  readonly mark: Offset;
  /** Flushes what was appended, then releases the log. Later appends reject. */
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Stop after about this many bytes of records; at least one record is returned if there is one. */
  readonly maxBytes?: number;
  /** Only the records of this source; others are skipped without being decoded. */
  readonly source?: string;
}

/** A range of the log that could not be read because it is damaged; everything else was. */
export interface DamagedRange {
  readonly from: Offset;
  readonly to: Offset;
  readonly reason: string;
}

export interface ReadResult {
  readonly records: readonly LogRecord[];
  /** Where to read on. Moves past the records skipped and past damage. Equal to the offset asked for when nothing is new. */
  readonly next: Offset;
  /** Damage met on the way; reported once per range and reader. */
  readonly damaged: readonly DamagedRange[];
}

export interface LogReader {
  /** Reads records at or after `from`, up to the durable end. Never waits. A `from` before `start` reads from `start`. */
  read(from: Offset, options?: ReadOptions): Promise<ReadResult>;
  /** Resolves true when there is something at or after `from`, false when `signal` aborts. Does not poll. */
  wait(from: Offset, signal: AbortSignal): Promise<boolean>;
  /** Tells a reader of another process's log that its end may have moved (called on a bus message). */
  wake(): void;
  /** First offset still kept. */
  start(): Promise<Offset>;
  /** The durable end. */
  end(): Promise<Offset>;
  /** The last mark committed, 0 when there was none. */
  mark(): Promise<Offset>;
  /** The offset of the first commit made at or after `time` (ms since the epoch); the end when none. */
  offsetAt(time: number): Promise<Offset>;
  /** Number of records in [from, to), of one source and of the given kinds; reads headers only. */
  count(from: Offset, to: Offset, source: string, kinds: readonly number[]): Promise<number>;
  close(): Promise<void>;
}

export interface OpenWriterOptions {
  /**
   * The highest offset of this log that anything derived from it has recorded (a mark, a cursor).
   * The writer continues behind it even if the log itself ends further back, and reports that as damage; or it does
   * not open (`log_corrupt`).
   */
  readonly floor?: Offset;
  /** Called after each commit is durable, in this process. For the wake-up of other processes. */
  readonly onCommit?: () => void;
}

/** What a writer found when it opened; logged by the app and shown by `/health`. */
export interface Recovery {
  /** Bytes of a torn tail that were cut: they belonged to no acknowledged commit. */
  readonly cutBytes: number;
  readonly damaged: readonly DamagedRange[];
}

/** What a node works on of a role's partitions. The last to be told is in force. */
export type OnAssigned = (partitions: readonly number[]) => void;

/** The membership of a node in a role. */
export interface Membership {
  /** Says how far the node has come, for the engine's own tools: the offset to read next. Best effort. */
  report(partition: number, offset: Offset): void;
  /** Leaves: what it had goes to others at once. */
  leave(): Promise<void>;
}

export interface LogEngine {
  /** Partitions of every log of this deployment. */
  readonly partitions: number;
  /**
   * True where the logs are on other machines than this, so that another node may go on where this one
   * stopped, without anything of this one's disk.
   */
  readonly outlivesNode: boolean;
  /**
   * Joins the nodes that work on a log in a role, `process` or `deliver`. Partitions are divided among
   * them, anew whenever one comes or goes. It is a proposal: for a while two nodes may hold the same, and a lease decides.
   */
  join(role: string, log: LogName, onAssigned: OnAssigned): Promise<Membership>;
  /** Opens for writing. Rejects with `log_locked` while another process holds the log. */
  openWriter(
    log: LogName,
    partition: number,
    options?: OpenWriterOptions,
  ): Promise<{ readonly writer: LogWriter; readonly recovery: Recovery }>;
  openReader(log: LogName, partition: number): Promise<LogReader>;
  /**
   * Deletes the oldest whole units (files) that lie wholly before `before`. Returns the new start.
   * The engine never deletes the unit being written.
   */
  trim(log: LogName, partition: number, before: Offset): Promise<Offset>;
  /** The start that `trim` would return; changes nothing. */
  startAfterTrim(log: LogName, partition: number, before: Offset): Promise<Offset>;
  /** Bytes kept, and the age of the oldest commit in ms since the epoch (undefined when empty). */
  usage(
    log: LogName,
    partition: number,
  ): Promise<{ readonly bytes: number; readonly oldest: number | undefined }>;
  /** Offset at which the log would hold at most `bytes` if trimmed there. */
  offsetKeeping(log: LogName, partition: number, bytes: number): Promise<Offset>;
  /**
   * False while writing must be refused because only the reserve is free
   * (`limits.diskReserveRatio`, at least `limits.diskReserveBytes`). Cheap: measured in the background.
   */
  hasRoom(): boolean;
  close(): Promise<void>;
}
