import { visibleIds } from '../access/visible-ids.ts';
import type { ReadContext } from '../context.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { DestinationRow } from './find-destination.ts';

/** A page of the destinations that the token may see, of one source or of all, oldest first. */
export async function destinationPage(
  { db, principal }: ReadContext,
  request: PageRequest,
  sourceId?: string,
): Promise<Page<DestinationRow>> {
  const every = db.selectFrom('destination').selectAll();
  if (sourceId !== undefined) return tablePage(request, every.where('source_id', '=', sourceId));
  const visible = await visibleIds(db, principal, 'source', 'SOURCE');
  return tablePage(
    request,
    visible === undefined ? every : every.where('source_id', 'in', visible),
  );
}
