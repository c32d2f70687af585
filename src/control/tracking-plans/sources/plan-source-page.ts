import { visibleIds } from '../../access/visible-ids.ts';
import type { ReadContext } from '../../context.ts';
import type { Page, PageRequest } from '../../paging/read-page.ts';
import { tablePage } from '../../paging/table-page.ts';
import type { SourceRow } from '../../sources/find-source.ts';

/** A page of the sources that a plan is connected to and the token may see, oldest first. */
export async function planSourcePage(
  { db, principal }: ReadContext,
  request: PageRequest,
  planId: string,
): Promise<Page<SourceRow>> {
  const visible = await visibleIds(db, principal, 'source', 'SOURCE');
  const connected = db
    .selectFrom('source')
    .innerJoin('tracking_plan_source', 'tracking_plan_source.source_id', 'source.id')
    .selectAll('source')
    .where('tracking_plan_source.tracking_plan_id', '=', planId);
  return tablePage(
    request,
    visible === undefined ? connected : connected.where('source.id', 'in', visible),
    'source.position',
  );
}
