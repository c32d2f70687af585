import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';

/** A change of its rules is one of the plan. */
export async function touchPlan(
  db: Kysely<ControlTables>,
  planId: string,
  now: number,
): Promise<void> {
  await db.updateTable('tracking_plan').set({ updated_at: now }).where('id', '=', planId).execute();
}
