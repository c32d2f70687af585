/** Tables of the `work` database about deletions outside of the server (src/deletions). */
export interface DeletionTables {
  deletion_target: DeletionTargetTable;
}

/** How far one destination, or what one warehouse has of a source, is with the end users of a regulation. */
export interface DeletionTargetTable {
  /** Id of the regulation. */
  regulation: string;
  kind: 'destination' | 'warehouse';
  target: string;
  source: string;
  /** All but `running` are final. */
  state: 'running' | 'done' | 'failed' | 'unsupported';
  /** Users that are settled, of them those that failed for good, and rows that went. */
  done: number;
  failed: number;
  deleted_rows: number;
  /** Failures in a row, the time of the first of them, and of the next try; 0 without one. */
  attempts: number;
  failing_since: number;
  next_at: number;
  /** What the far end said last; '' while nothing is wrong. */
  message: string;
  updated_at: number;
}
