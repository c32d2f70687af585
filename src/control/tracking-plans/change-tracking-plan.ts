import type { WriteContext } from '../context.ts';
import { findTrackingPlan, type TrackingPlanRow } from './find-tracking-plan.ts';
import { planSlug } from './make-tracking-plan.ts';

/** Changes what people read of a tracking plan; what is absent stays. */
export async function changeTrackingPlan(
  { db, now }: WriteContext,
  row: TrackingPlanRow,
  {
    name = row.name,
    description = row.description,
  }: { name?: string; description?: string | null },
): Promise<TrackingPlanRow> {
  await db
    .updateTable('tracking_plan')
    .set({ name, slug: planSlug(name), description: description || null, updated_at: now })
    .where('id', '=', row.id)
    .execute();
  return findTrackingPlan(db, row.id);
}
