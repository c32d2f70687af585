/** Tables of the `work` database about the archive (src/archive). Times are milliseconds since the epoch. */
export interface ArchiveTables {
  archive_position: ArchivePositionTable;
  archive_file: ArchiveFileTable;
  archive_expired: ArchiveExpiredTable;
  deletion_progress: DeletionProgressTable;
}

/** How far a partition of `events` is archived. */
export interface ArchivePositionTable {
  partition: number;
  /** Stands in the names of its files: another deployment that writes to the same place has another. */
  name: string;
  /** Offset in `events` to read on from. */
  position: number;
  /** Stamp last taken. */
  stamp_input: number;
  stamp_item: number;
  /** JSON of the batch that is being written, `PendingBatch`; null while there is none. */
  pending: string | null;
  updated_at: number;
}

/** The manifest: a file of the archive that is whole, and what it holds. */
export interface ArchiveFileTable {
  /** Key in the object store. */
  key: string;
  partition: number;
  source: string;
  /** Start of the day (UTC) on which its events were received. */
  day: number;
  /** Offsets in `events` of its first and last event. */
  first_offset: number;
  last_offset: number;
  /** receivedAt of its oldest and newest event. */
  first_time: number;
  last_time: number;
  events: number;
  /** Bytes of the file. */
  bytes: number;
  /** SHA-256 of the file, as hex. */
  sha256: string;
  written_at: number;
}

/** What the archive has lost by its bounds, or never got. */
export interface ArchiveExpiredTable {
  partition: number;
  source: string;
  day: number;
  /** `age`, `size`, or `log`: the log was deleted before it was archived (`source` is '' then). */
  reason: 'age' | 'size' | 'log';
  events: number;
  updated_at: number;
}

/** How far the deletion that a regulation asks for is, in one part of the server. */
export interface DeletionProgressTable {
  /** Id of the regulation. */
  regulation: string;
  /** `archive at once`; `archive` once nothing from before the regulation can reach it any more. */
  part: string;
  partition: number;
  state: 'running' | 'done';
  /** Files looked through, of so many. */
  done: number;
  total: number;
  /** Events deleted. */
  events: number;
  updated_at: number;
}
