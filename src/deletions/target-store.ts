import type { DeletionTarget } from '../core/deletion.ts';
import type { Lease } from '../core/lease.ts';
import type { StateStore } from '../core/state.ts';
import type { DeletionTargetTable } from '../core/tables/deletion-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { underLease } from '../core/under-lease.ts';

/** What a row of `deletion_target` says besides whose it is. */
export type TargetProgress = Omit<
  DeletionTargetTable,
  'regulation' | 'kind' | 'target' | 'source' | 'updated_at'
>;

const begun: TargetProgress = {
  ...{ state: 'running', done: 0, failed: 0, deleted_rows: 0 },
  ...{ attempts: 0, failing_since: 0, next_at: 0, message: '' },
};

/** How far the targets of deletions are; control reads the same rows. */
export class TargetStore {
  readonly #store: StateStore<WorkTables>;

  constructor(store: StateStore<WorkTables>) {
    this.#store = store;
  }

  /** Of the targets among these that were begun, by `targetKey`. */
  async begun(targets: readonly DeletionTarget[]): Promise<ReadonlyMap<string, TargetProgress>> {
    const regulations = [...new Set(targets.map(({ regulation }) => regulation))];
    const found = new Map<string, TargetProgress>();
    for (let from = 0; from < regulations.length; from += regulationsAtOnce) {
      const rows = await this.#store.db
        .selectFrom('deletion_target')
        .selectAll()
        .where('regulation', 'in', regulations.slice(from, from + regulationsAtOnce))
        .execute();
      for (const row of rows) {
        const { regulation, kind, target: id, source: sourceId } = row;
        found.set(targetKey({ regulation, kind, id, sourceId }), progressOf(row));
      }
    }
    return found;
  }

  async read(target: DeletionTarget): Promise<TargetProgress> {
    return (await this.begun([target])).get(targetKey(target)) ?? begun;
  }

  async write(
    lease: Lease,
    { regulation, kind, id, sourceId }: DeletionTarget,
    progress: TargetProgress,
    now: number,
  ): Promise<void> {
    const key = { regulation, kind, target: id, source: sourceId };
    const values = { ...progress, updated_at: Math.round(now) };
    await underLease(this.#store.db, lease, async (rows) => {
      await rows
        .insertInto('deletion_target')
        .values({ ...key, ...values })
        .onConflict((conflict) =>
          conflict.columns(['regulation', 'kind', 'target', 'source']).doUpdateSet(values),
        )
        .execute();
    });
  }
}

/** Parameters of one statement are bounded by the engines. */
const regulationsAtOnce = 500;

export function targetKey({
  regulation,
  kind,
  id,
  sourceId,
}: Pick<DeletionTarget, 'regulation' | 'kind' | 'id' | 'sourceId'>): string {
  return `${regulation} ${kind} ${id} ${sourceId}`;
}

/** Engines give big integers as texts. */
function progressOf(row: DeletionTargetTable): TargetProgress {
  return {
    state: row.state,
    done: Number(row.done),
    failed: Number(row.failed),
    deleted_rows: Number(row.deleted_rows),
    attempts: row.attempts,
    failing_since: Number(row.failing_since),
    next_at: Number(row.next_at),
    message: row.message,
  };
}
