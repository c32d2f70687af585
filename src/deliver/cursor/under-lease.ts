import type { Kysely, Transaction } from 'kysely';
import { assertHeld, type Lease } from '../../core/lease.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';

/** A writing transaction of the owner of a partition. Rejects with `lease_lost` when there is another owner. */
export function underLease(
  db: Kysely<WorkTables>,
  lease: Lease,
  write: (rows: Transaction<WorkTables>) => Promise<void>,
): Promise<void> {
  return db.transaction().execute(async (rows) => {
    await assertHeld(rows.$pickTables<'lease'>(), lease);
    await write(rows);
  });
}
