import type { DeletionTarget } from '../core/deletion.ts';
import { TributaryError } from '../core/errors.ts';
import type { SnapshotHolder, WarehouseConfig } from '../core/snapshot.ts';
import type { DeleteUsers } from './delete-at.ts';

/** Rows of one source in one warehouse. */
export interface RowDeletion {
  readonly warehouse: WarehouseConfig;
  readonly sourceId: string;
  readonly ids: readonly string[];
  readonly by: 'user_id' | 'anonymous_id';
  /** ISO 8601. */
  readonly before: string;
}

export interface DeleteFromWarehouseDeps {
  /** Secrets opened. */
  readonly snapshot: SnapshotHolder;
  /** Whether there is an engine for it. */
  hasEngine(warehouse: WarehouseConfig): boolean;
  /** Resolves with the rows that went. Rejects with `warehouse_failed`. */
  deleteRows(job: RowDeletion, signal: AbortSignal): Promise<number>;
}

/** Deletes what a warehouse has of users of one source from before the regulation. */
export function deleteFromWarehouse(deps: DeleteFromWarehouseDeps): DeleteUsers {
  return async (target, ids, signal) => {
    const { warehouses = [] } = deps.snapshot.current;
    const warehouse = warehouses.find((one) => one.id === target.id);
    if (warehouse === undefined) {
      return { kind: 'failed', message: 'The warehouse is no longer there.', retry: false };
    }
    if (!deps.hasEngine(warehouse)) {
      const message = 'There is no engine for this kind of warehouse here.';
      return { kind: 'unsupported', message };
    }
    const problem = problemOf(warehouse, target);
    if (problem !== undefined) return { kind: 'failed', message: problem, retry: false };
    const by = target.subjectType === 'USER_ID' ? 'user_id' : 'anonymous_id';
    const before = new Date(target.before).toISOString();
    const job = { warehouse, sourceId: target.sourceId, ids, by, before } as const;
    try {
      return { kind: 'deleted', rows: await deps.deleteRows(job, signal) };
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      return { kind: 'failed', message: error.message, retry: true };
    }
  };
}

/** Where all sources share the tables, the rows of one cannot be told from those of others. */
function problemOf({ settings, sources }: WarehouseConfig, target: DeletionTarget) {
  const schema = settings['schema'];
  const isShared = typeof schema === 'string' && schema !== '' && sources.length > 1;
  if (target.isWhole || !isShared) return undefined;
  return `All sources share the tables of the schema ${schema}, where the users of one cannot be told apart: ask for their deletion in all sources.`;
}
