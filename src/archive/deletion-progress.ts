import type { Deletion } from '../core/deletion.ts';
import type { Lease } from '../core/lease.ts';
import type { StateStore } from '../core/state.ts';
import type { DeletionProgressTable } from '../core/tables/archive-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { underLease } from '../core/under-lease.ts';

/** How far one partition's archive is with the deletions that regulations ask for; control reads it. */
export class DeletionProgress {
  readonly #store: StateStore<WorkTables>;
  readonly #partition: number;
  readonly #lease: Lease;

  constructor(store: StateStore<WorkTables>, partition: number, lease: Lease) {
    this.#store = store;
    this.#partition = partition;
    this.#lease = lease;
  }

  async isDone(deletion: Deletion): Promise<boolean> {
    const row = await this.#store.db
      .selectFrom('deletion_progress')
      .select('state')
      .where('regulation', '=', deletion.id)
      .where('part', '=', partOf(deletion))
      .where('partition', '=', this.#partition)
      .executeTakeFirst();
    return row?.state === 'done';
  }

  async set(
    deletion: Deletion,
    progress: Pick<DeletionProgressTable, 'state' | 'done' | 'total' | 'events'>,
    now: number,
  ): Promise<void> {
    const key = { regulation: deletion.id, part: partOf(deletion), partition: this.#partition };
    const values = { ...progress, updated_at: Math.round(now) };
    await underLease(this.#store.db, this.#lease, async (rows) => {
      await rows
        .insertInto('deletion_progress')
        .values({ ...key, ...values })
        .onConflict((conflict) =>
          conflict.columns(['regulation', 'part', 'partition']).doUpdateSet(values),
        )
        .execute();
    });
  }
}

/** Once at once, and once when nothing from before can come any more. */
function partOf({ isLast }: Deletion): string {
  return isLast ? 'archive' : 'archive at once';
}
