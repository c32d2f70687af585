import type { ReadContext } from '../../context.ts';
import type { Page, PageRequest } from '../../paging/read-page.ts';
import { tablePage } from '../../paging/table-page.ts';
import type { InstanceRow } from './find-instance.ts';

/** A page of the instances of a function, oldest first. */
export function instancePage(
  { db }: ReadContext,
  request: PageRequest,
  functionId: string,
): Promise<Page<InstanceRow>> {
  const all = db.selectFrom('function_instance').selectAll();
  return tablePage(request, all.where('function_id', '=', functionId));
}
