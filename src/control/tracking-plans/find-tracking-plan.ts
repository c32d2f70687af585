import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { TrackingPlanTable } from '../../core/tables/shaping-tables.ts';

export type TrackingPlanRow = Selectable<TrackingPlanTable>;

/** The types of tracking plans (spec public-api §6). */
export const trackingPlanTypes = [
  'ENGAGE',
  'LIVE',
  'PROPERTY_LIBRARY',
  'RULE_LIBRARY',
  'TEMPLATE',
] as const;
export type TrackingPlanType = (typeof trackingPlanTypes)[number];

/** The row of a tracking plan. Rejects with `not_found`. */
export async function findTrackingPlan(
  db: Kysely<ControlTables>,
  id: string,
): Promise<TrackingPlanRow> {
  const row = await db
    .selectFrom('tracking_plan')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Tracking plan with id '${id}' not found.`);
  }
  return row;
}
