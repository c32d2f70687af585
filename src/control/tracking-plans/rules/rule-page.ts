import type { ReadContext } from '../../context.ts';
import type { Page, PageRequest } from '../../paging/read-page.ts';
import { tablePage } from '../../paging/table-page.ts';
import type { RuleRow } from './rule-key.ts';

/** A page of the rules of a tracking plan, in the order in which they were given. */
export function rulePage(
  { db }: ReadContext,
  request: PageRequest,
  planId: string,
): Promise<Page<RuleRow>> {
  const all = db.selectFrom('tracking_plan_rule').selectAll();
  return tablePage(request, all.where('tracking_plan_id', '=', planId));
}
