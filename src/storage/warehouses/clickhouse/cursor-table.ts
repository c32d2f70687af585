import { quoted } from '../sql/names.ts';

/**
 * What the loader keeps in the database of the settings: `_tributary_sources` (the schema of each source) and
 * `_tributary_cursors` (how far each stream is loaded). ClickHouse has no transaction over tables, so a unit is brought in in three steps:
 *
 * 1. The cursor says where the unit ends (`pending`).
 * 2. Each table gets its rows in one insert, whose token is the unit's id: a repeated insert does nothing.
 * 3. The cursor moves, and nothing is pending any more.
 *
 * Recovery: a loader that finds something pending makes the unit again, with the same end and so with the same id.
 */
export function ownTables(database: string) {
  const sources = `${quoted(database)}."_tributary_sources"`;
  const cursors = `${quoted(database)}."_tributary_cursors"`;
  return {
    sources,
    cursors,
    statements: [
      `create table if not exists ${sources} (source_id String, schema_name String)
       engine = ReplacingMergeTree order by source_id`,
      `create table if not exists ${cursors} (warehouse String, stream String, partition UInt32,
         position UInt64, stamp_input Int64, stamp_item Int64, pending Nullable(UInt64),
         is_new UInt8, version UInt64, is_deleted UInt8)
       engine = ReplacingMergeTree(version, is_deleted) order by (warehouse, stream, partition)`,
    ],
  };
}

/** A row of `_tributary_cursors`. */
export interface CursorRow {
  readonly warehouse: string;
  readonly stream: string;
  readonly partition: number;
  readonly position: number;
  readonly stamp_input: number;
  readonly stamp_item: number;
  readonly pending: number | null;
  /** 1: nothing of the stream has been loaded yet; only `pending` counts. */
  readonly is_new: number;
  /** The highest counts. */
  readonly version: number;
  readonly is_deleted: number;
}
