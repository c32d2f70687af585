import type { DeletionTargets } from '../../core/deletion.ts';
import type { DestinationDefinition } from '../../core/destination.ts';
import type { Http } from '../../core/http.ts';
import { limits } from '../../core/limits.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { deleteFromWarehouse, type RowDeletion } from '../../deletions/delete-from-warehouse.ts';
import { type Deletions, startDeletions } from '../../deletions/start-deletions.ts';
import { tellDestination } from '../../deletions/tell-destination.ts';
import { warehouseEngine } from '../../storage/warehouses/warehouse-engines.ts';
import type { NodeContext } from '../node/node-context.ts';
import type { NodeLoads } from './loads.ts';

export interface NodeDeletionsOptions {
  readonly context: NodeContext;
  readonly store: StateStore<WorkTables>;
  /** Secrets opened. */
  readonly snapshot: SnapshotHolder;
  readonly targets: DeletionTargets;
}

/** Deletions at destinations, on a node that delivers. */
export function startDestinationDeletions(
  { context, ...options }: NodeDeletionsOptions,
  outside: { readonly definitions: readonly DestinationDefinition[]; readonly http: Http },
): Deletions {
  const { clock, logger, registry } = context;
  return startDeletions({
    ...{ ...options, clock, logger, registry },
    kind: 'destination',
    deleteUsers: tellDestination({ ...outside, snapshot: options.snapshot }),
    usersAtOnce: 1,
    pauseMs: limits.deletionPauseMs,
    leaseOf: ({ id }) => `delete/${id}`,
  });
}

/** Deletions in warehouses, on a node that loads them: not while a sync is at it. */
export function startWarehouseDeletions(
  { context, ...options }: NodeDeletionsOptions,
  loads: Pick<NodeLoads, 'deleteRows'>,
): Deletions {
  const { clock, logger, registry } = context;
  const deleteRows = async (job: RowDeletion, signal: AbortSignal): Promise<number> => {
    const ending = new AbortController();
    const cancel = clock.after(limits.warehouseSyncMs, () => ending.abort());
    try {
      return await loads.deleteRows(job, AbortSignal.any([signal, ending.signal]));
    } finally {
      cancel();
    }
  };
  return startDeletions({
    ...{ ...options, clock, logger, registry },
    kind: 'warehouse',
    deleteUsers: deleteFromWarehouse({
      snapshot: options.snapshot,
      hasEngine: ({ slug }) => warehouseEngine(slug) !== undefined,
      deleteRows,
    }),
    // All of a regulation.
    usersAtOnce: Number.MAX_SAFE_INTEGER,
    pauseMs: 0,
    leaseOf: ({ id }) => `load/${id}`,
  });
}
