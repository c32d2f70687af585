import { visibleIds } from '../access/visible-ids.ts';
import type { ReadContext } from '../context.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { SourceRow } from './find-source.ts';

/** A page of the sources that the token may see, oldest first. */
export async function sourcePage(
  { db, principal }: ReadContext,
  request: PageRequest,
): Promise<Page<SourceRow>> {
  const visible = await visibleIds(db, principal, 'source', 'SOURCE');
  const all = db.selectFrom('source').selectAll();
  return tablePage(request, visible === undefined ? all : all.where('id', 'in', visible));
}
