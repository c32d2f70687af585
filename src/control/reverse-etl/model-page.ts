import type { ReadContext } from '../context.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { ModelRow } from './find-model.ts';

/** A page of the models of reverse ETL, oldest first. */
export async function modelPage(
  { db }: ReadContext,
  request: PageRequest,
): Promise<Page<ModelRow>> {
  return tablePage(request, db.selectFrom('reverse_etl_model').selectAll());
}
