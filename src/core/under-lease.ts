import type { Kysely, Transaction } from 'kysely';
import { assertHeld, type Lease } from './lease.ts';
import { limits } from './limits.ts';
import type { WorkTables } from './tables/work-tables.ts';
import type { UsageStep } from './usage/usage.ts';

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

/** Steps in their order, in transactions of at most `limits.commitRows` rows or little more; other work of the process runs between two. */
export async function inTransactions(
  db: Kysely<WorkTables>,
  lease: Lease,
  steps: readonly UsageStep[],
): Promise<void> {
  for (let at = 0; at < steps.length; ) {
    const from = at;
    let cost = 0;
    do cost += steps[at++]?.cost ?? 0;
    while (at < steps.length && cost + (steps[at]?.cost ?? 0) <= limits.commitRows);
    await underLease(db, lease, async (rows) => {
      for (const step of steps.slice(from, at)) await step.run(rows);
    });
    if (at < steps.length) await new Promise((resolve) => setImmediate(resolve));
  }
}
