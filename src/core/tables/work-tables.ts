import type { ArchiveTables } from './archive-tables.ts';
import type { DeletionTables } from './deletion-tables.ts';
import type { LeaseTables } from './lease-table.ts';
import type { WarehouseLoadTables } from './warehouse-load-tables.ts';

/** Tables of the `work` database. Times are milliseconds since the epoch, booleans 0 or 1. */
export interface WorkTables
  extends ArchiveTables,
    DeletionTables,
    LeaseTables,
    WarehouseLoadTables {
  cursor: CursorTable;
  parked: ParkedTable;
  replay_progress: ReplayProgressTable;
  shared_secret: SharedSecretTable;
  watched_source: WatchedSourceTable;
  oauth_token: OAuthTokenTable;
  delivery_failure: DeliveryFailureTable;
  function_invocation: FunctionInvocationTable;
  reverse_etl_row: ReverseEtlRowTable;
  reverse_etl_run: ReverseEtlRunTable;
  usage_count: UsageCountTable;
  usage_pending: UsagePendingTable;
  usage_user: UsageUserTable;
  usage_position: UsagePositionTable;
}

/** One row per (lane, partition): how far a connection's lane has come. */
export interface CursorTable {
  /** `<connection id>/<lane id>`, for a replay `<connection id>/<lane id>/<replay id>`. */
  lane: string;
  partition: number;
  /** Offset in `events` to read on from. */
  position: number;
  /** Stamp last taken: input offset and item. */
  stamp_input: number;
  stamp_item: number;
  /** How long the lane's circuit has been open in all, milliseconds. */
  open_ms: number;
  updated_at: number;
}

/** A pointer to an event that waits for another attempt, or behind one that does. Never the payload. */
export interface ParkedTable {
  lane: string;
  partition: number;
  /** Offset of the event in `events`: also the order of the parked events of a lane. */
  position: number;
  /** The keys it is ordered by, a JSON array of strings. */
  keys: string;
  attempts: number;
  /** First attempt; 0 when there was none yet (it waits behind another). */
  first_attempt: number;
  /** Due at; 0 when it waits behind another. */
  next_attempt: number;
  /** The lane's `open_ms` at the first attempt: what was added since is left out of its retry time. */
  open_ms_before: number;
  last_error: string;
}

/** One row per lane of a replay and partition; it outlives the lane, so that a replay runs once. */
export interface ReplayProgressTable {
  /** As in `cursor`. */
  lane: string;
  partition: number;
  replay: string;
  connection: string;
  state: 'running' | 'done' | 'cancelled';
  /** Offset in `events` at which the replay ends at the latest. */
  until: number;
  delivered: number;
  discarded: number;
  filtered: number;
  started_at: number;
  updated_at: number;
}

/** What all nodes hash with; embedded, it is a file. */
export interface SharedSecretTable {
  name: string;
  /** Hex digits. */
  value: string;
}

/** A source that somebody watches at some node; embedded, the bus says so. */
export interface WatchedSourceTable {
  source: string;
  until: number;
}

/** What was counted of a source, or of one of its destinations, in a minute, an hour or a day (UTC). */
export interface UsageCountTable {
  source: string;
  /** '' for what process counts. */
  destination: string;
  span: 'minute' | 'hour' | 'day';
  /** Start of the span. */
  time: number;
  partition: number;
  /** JSON: see `core/usage/usage-record.ts`. */
  counts: string;
}

/** Counts that are not in `usage_count` yet. */
export interface UsagePendingTable {
  source: string;
  /** '' for what process counts. */
  destination: string;
  partition: number;
  /** How often counts of this row have gone over into `usage_count`: tells whether a commit whose answer was lost has. */
  folds: number;
  /** JSON: pairs of a minute's start and its counts. */
  counts: string;
}

/** Who was seen on a day (UTC): sketches, see `core/usage/distinct-sketch.ts`. */
export interface UsageUserTable {
  source: string;
  day: number;
  partition: number;
  /** Of userIds, of anonymousIds, and of those of them that came with a userId. */
  users: string;
  anonymous: string;
  identified: string;
}

/** How far the log `events` has been counted. */
export interface UsagePositionTable {
  partition: number;
  /** Offset in `events` to count on from. */
  position: number;
  /** The input that stands before it: what comes of lower input is a repetition. */
  input: number;
}

/** The newest OAuth 2 tokens of a connection, once those of its settings were refreshed. */
export interface OAuthTokenTable {
  connection: string;
  /** SHA-256, as hex, of the tokens in the settings that these descend from: others there are newer. */
  origin: string;
  /** JSON of access and refresh token, sealed for the connection. */
  sealed: string;
  updated_at: number;
}

/** A row of a model as a subscription's destination has it: what the next sync compares with. */
export interface ReverseEtlRowTable {
  subscription: string;
  /** The value of the model's identifier column, as text. */
  row_key: string;
  /** Of the whole row: see warehouses/reverse-etl/model-row.ts. */
  hash: string;
}

/** A sync of a model to one subscription, and how far it is. */
export interface ReverseEtlRunTable {
  id: string;
  subscription: string;
  model: string;
  /** As in `reverse_etl_sync.status`. */
  status: string;
  /** 1: its schedule began it. */
  scheduled: number;
  started_at: number;
  /** The query has been read to its end; null before. */
  extracted_at: number | null;
  finished_at: number | null;
  added: number;
  updated: number;
  deleted: number;
  /** Rows of the query. */
  extracted: number;
  delivered: number;
  failed: number;
  error: string | null;
  error_code: string | null;
}

/** An invocation of a function that failed or has logged. */
export interface FunctionInvocationTable {
  /** Grows with time. */
  id: string;
  /** Of the destination, source or insert function instance. */
  instance: string;
  version: string;
  at: number;
  handler: string;
  /** A `FunctionFailure`; null when it finished. */
  failure: string | null;
  message: string;
  /** A list of `FunctionLog`. */
  logs: string;
  logs_cut: number;
  duration_ms: number;
}

/** An attempt of a connection that failed, of the last ones. */
export interface DeliveryFailureTable {
  /** Ascending with time. */
  id: string;
  connection: string;
  /** Milliseconds since the epoch. */
  at: number;
  message_id: string;
  attempts: number;
  /** Discard code; '' while it was to be repeated. */
  code: string;
  message: string;
  /** JSON list of `Exchange`: secrets are masked. */
  exchanges: string;
}
