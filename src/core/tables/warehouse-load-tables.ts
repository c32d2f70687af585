/** Tables of the `work` database about the loads of warehouses; conventions as in work-tables.ts. */
export interface WarehouseLoadTables {
  warehouse_reached: WarehouseReachedTable;
  warehouse_clock: WarehouseClockTable;
  warehouse_sync: WarehouseSyncTable;
  warehouse_request_end: WarehouseRequestEndTable;
}

/** Where there was nothing more to load: a hint, by which a sync with nothing new opens no engine. */
interface WarehouseReachedTable {
  warehouse: string;
  partition: number;
  /** The cursor in the warehouse that it holds for; 0 where there is none. */
  cursor: number;
  up_to: number;
}

/** When a warehouse was last synced by its schedule, and how often in a row that failed. */
interface WarehouseClockTable {
  warehouse: string;
  last_started: number;
  failures: number;
}

/** One load of one source into one warehouse: its report. */
export interface WarehouseSyncTable {
  id: string;
  warehouse_id: string;
  source_id: string;
  /** Grows with each report. */
  position: number;
  /** `RUNNING` without an end, then `SUCCESS`, `PARTIAL` or `FAILURE`. */
  status: string;
  started_at: number;
  ended_at: number | null;
  rows_loaded: number;
  /** A list of `{level, message, createdAt}`. */
  notices: string;
}

/** What came of a sync or back-fill that somebody asked for. */
export interface WarehouseRequestEndTable {
  request: string;
  warehouse: string;
  /** `SUCCESS` or `FAILURE`. */
  status: string;
  rows_loaded: number;
  /** As in `warehouse_sync`. */
  notices: string;
  started_at: number;
  ended_at: number;
}
