import type { ReadContext } from '../../context.ts';
import type { Page, PageRequest } from '../../paging/read-page.ts';
import { tablePage } from '../../paging/table-page.ts';
import type { VersionRow } from './find-version.ts';

/** A page of the versions of a function, oldest first. */
export function versionPage(
  { db }: ReadContext,
  request: PageRequest,
  functionId: string,
): Promise<Page<VersionRow>> {
  const all = db.selectFrom('function_version').selectAll();
  return tablePage(request, all.where('function_id', '=', functionId));
}
