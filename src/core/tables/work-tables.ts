/** Tables of the `work` database. Times are milliseconds since the epoch, booleans 0 or 1. */
export interface WorkTables {
  cursor: CursorTable;
  parked: ParkedTable;
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
  /** Circuit-open time to leave out of its retry time, milliseconds. */
  paused_ms: number;
  last_error: string;
}
