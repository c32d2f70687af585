import type { ReadContext } from '../context.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { TransformationRow } from './find-transformation.ts';

/** A page of the transformations, oldest first. */
export function transformationPage(
  { db }: ReadContext,
  request: PageRequest,
): Promise<Page<TransformationRow>> {
  return tablePage(request, db.selectFrom('transformation').selectAll());
}
