import type { WarehouseConfig } from '../../core/snapshot.ts';
import type { QueryOptions, QueryResult } from '../../core/warehouse-engine.ts';
import type { SyncJob, SyncResult } from '../sync/sync-job.ts';
import type { RowCounts } from './sync-record.ts';

export interface ExportJob {
  readonly warehouse: WarehouseConfig;
  readonly sql: string;
  /** Absolute path. */
  readonly file: string;
  readonly timeoutMs: number;
  readonly mostBytes: number;
}

/**
 * Where warehouses are opened: a process of its own, which is there only while it has something to do, so that engines cost
 * nothing otherwise.
 */
export interface LoadProcess {
  /**
   * Rejects with what the warehouse said (`warehouse_failed`); ends early with the signal. `onProgress` is told the rows by source
   * that are in the warehouse, after each unit and when reading has begun.
   */
  sync(
    job: SyncJob,
    signal: AbortSignal,
    onProgress: (rows: RowCounts) => void,
  ): Promise<SyncResult>;
  /** Rejects with `input_validation` or `warehouse_failed`. */
  query(warehouse: WarehouseConfig, sql: string, options: QueryOptions): Promise<QueryResult>;
  /**
   * Writes all rows of a query to a new file, a JSON object a line; resolves with their number. Rejects as `query` does, and
   * with the reason of the signal; the file is then of no use.
   */
  export(job: ExportJob, signal: AbortSignal): Promise<number>;
  stop(): Promise<void>;
}
