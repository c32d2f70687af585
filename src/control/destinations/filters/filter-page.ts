import type { ReadContext } from '../../context.ts';
import type { Page, PageRequest } from '../../paging/read-page.ts';
import { tablePage } from '../../paging/table-page.ts';
import type { FilterRow } from './find-filter.ts';

/** A page of the filters of a destination, oldest first. */
export function filterPage(
  { db }: ReadContext,
  request: PageRequest,
  destinationId: string,
): Promise<Page<FilterRow>> {
  const all = db.selectFrom('destination_filter').selectAll();
  return tablePage(request, all.where('destination_id', '=', destinationId));
}
