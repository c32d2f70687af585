import type { ReadContext } from '../context.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { TrackingPlanRow, TrackingPlanType } from './find-tracking-plan.ts';

/** A page of the tracking plans, of one type or of all, oldest first. */
export function trackingPlanPage(
  { db }: ReadContext,
  request: PageRequest,
  type?: TrackingPlanType,
): Promise<Page<TrackingPlanRow>> {
  const all = db.selectFrom('tracking_plan').selectAll();
  return tablePage(request, type === undefined ? all : all.where('type', '=', type));
}
