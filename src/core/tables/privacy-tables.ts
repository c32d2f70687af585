import type { ColumnType } from 'kysely';

type Fixed<T> = ColumnType<T, T, never>;

/** Tables of the `state` database about the privacy of end users; conventions as in control-tables.ts. */
export interface PrivacyTables {
  regulation: RegulationTable;
  regulation_target: RegulationTargetTable;
  suppression: SuppressionTable;
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
  /** 0: of a version that told no destination; it has no targets. */
  has_targets: ColumnType<number, 1, never>;
}

/** The destinations and warehouses that a regulation concerned when it was asked for, in their order. */
interface RegulationTargetTable {
  regulation_id: Fixed<string>;
  position: Fixed<number>;
  /** `destination` or `warehouse`. */
  kind: Fixed<string>;
  target_id: Fixed<string>;
  source_id: Fixed<string>;
  name: Fixed<string>;
  /** Why it is not told; null: it is (`deletion_target` says how far that is). */
  obstacle: Fixed<string | null>;
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
