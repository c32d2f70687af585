import type { ColumnType } from 'kysely';

type Fixed<T> = ColumnType<T, T, never>;

/** Tables of the `state` database about the privacy of end users; conventions as in control-tables.ts. */
export interface PrivacyTables {
  regulation: RegulationTable;
  suppression: SuppressionTable;
  told_deletion: ToldDeletionTable;
}

/** What was asked for some end users (spec public-api §6, Regulations). */
export interface RegulationTable {
  id: Fixed<string>;
  workspace_id: Fixed<string>;
  position: Fixed<number>;
  /** `WORKSPACE`, `SOURCE` or `CLOUD_SOURCE`. */
  scope: Fixed<string>;
  /** Null for the workspace. */
  source_id: Fixed<string | null>;
  regulation_type: Fixed<string>;
  subject_type: Fixed<string>;
  /** A list of texts. */
  subject_ids: Fixed<string>;
  /** Of a cloud source. */
  collection: Fixed<string | null>;
  status: string;
  created_at: Fixed<number>;
  /** Null until then. */
  finished_at: number | null;
  /** How many steps of the deletion are over, and when the last of them ended (`control/privacy/deletion-watch.ts`). */
  step: ColumnType<number, undefined, number>;
  step_at: ColumnType<number | null, undefined, number>;
}

/** How far a destination has been told of a deletion (`control/privacy/deletion-teller.ts`). */
export interface ToldDeletionTable {
  regulation_id: Fixed<string>;
  destination_id: Fixed<string>;
  /** `NOT_SUPPORTED`: its code cannot be told. */
  state: 'RUNNING' | 'FINISHED' | 'FAILED' | 'NOT_SUPPORTED';
  /** Users it has been asked for, in the order of `subject_ids`. */
  told: number;
  /** Of those: at which it failed for good. */
  failures: number;
  /** Of the last failure; '' for none. */
  message: string;
  updated_at: number;
}

/**
 * The end users whose events are dropped, and those of whom that was taken back: data planes follow the changes by
 * `position`, which is set anew with each (see core/suppressions.ts).
 */
export interface SuppressionTable {
  /** Id of the source; '' for the workspace. */
  scope: Fixed<string>;
  /** `USER_ID` or `ANONYMOUS_ID`. */
  subject_type: Fixed<string>;
  subject_id: Fixed<string>;
  /** As `scope`, null for the workspace: it goes with its source. */
  source_id: Fixed<string | null>;
  position: number;
  /** 0 since it was taken back. */
  in_force: number;
}
