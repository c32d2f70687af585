import type { ErrorCode } from '../../core/errors.ts';
import type { WarehouseConfig } from '../../core/snapshot.ts';
import type { QueryOptions, QueryResult } from '../../core/warehouse-engine.ts';
import type { RowDeletion } from '../../deletions/delete-from-warehouse.ts';
import type { ExportJob } from '../../warehouses/loads/load-process.ts';
import type { SyncJob, SyncResult } from '../../warehouses/sync/sync-job.ts';
import type { Config } from '../config/config.ts';

/** What the worker says to the process of the loads. */
export type ToLoader =
  | { readonly kind: 'start'; readonly config: Config }
  | { readonly kind: 'sync'; readonly id: number; readonly job: SyncJob }
  | { readonly kind: 'export'; readonly id: number; readonly job: ExportJob }
  | { readonly kind: 'delete'; readonly id: number; readonly job: RowDeletion }
  /** Ends a sync after the unit at hand, an export at once. */
  | { readonly kind: 'end'; readonly id: number }
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly warehouse: WarehouseConfig;
      readonly sql: string;
      readonly options: QueryOptions;
    };

/** What it answers. */
export type FromLoader =
  | { readonly kind: 'synced'; readonly id: number; readonly result: SyncResult }
  | {
      readonly kind: 'progress';
      readonly id: number;
      readonly rows: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'queried'; readonly id: number; readonly result: QueryResult }
  | { readonly kind: 'exported'; readonly id: number; readonly rows: number }
  | { readonly kind: 'deleted'; readonly id: number; readonly rows: number }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly field?: string;
    };
