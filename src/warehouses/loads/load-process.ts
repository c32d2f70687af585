import type { WarehouseConfig } from '../../core/snapshot.ts';
import type { QueryOptions, QueryResult } from '../../core/warehouse-engine.ts';
import type { SyncJob, SyncResult } from '../sync/sync-job.ts';

/**
 * Where warehouses are opened: a process of its own, which is there only while it has something to do, so that engines cost
 * nothing otherwise.
 */
export interface LoadProcess {
  /** Rejects with what the warehouse said (`warehouse_failed`); ends early with the signal. */
  sync(job: SyncJob, signal: AbortSignal): Promise<SyncResult>;
  /** Rejects with `input_validation` or `warehouse_failed`. */
  query(warehouse: WarehouseConfig, sql: string, options: QueryOptions): Promise<QueryResult>;
  stop(): Promise<void>;
}
