import { visibleIds } from '../access/visible-ids.ts';
import type { ReadContext } from '../context.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { FunctionRow } from './find-function.ts';
import type { FunctionType } from './function-type.ts';

/** A page of the functions that the token may see, of one type or of all, oldest first. */
export async function functionPage(
  { db, principal }: ReadContext,
  request: PageRequest,
  type?: FunctionType,
): Promise<Page<FunctionRow>> {
  const visible = await visibleIds(db, principal, 'function', 'FUNCTION');
  const every = db.selectFrom('user_function').selectAll();
  const all = visible === undefined ? every : every.where('id', 'in', visible);
  return tablePage(request, type === undefined ? all : all.where('resource_type', '=', type));
}
