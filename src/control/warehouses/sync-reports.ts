import type { Selectable } from 'kysely';
import type { WarehouseSyncTable } from '../../core/tables/control-tables.ts';
import type { ReadContext } from '../context.ts';
import { newestFirstPage } from '../paging/newest-first-page.ts';
import type { PageRequest, Pagination } from '../paging/read-page.ts';

export type SyncRow = Selectable<WarehouseSyncTable>;

/** A page of what the syncs of a warehouse reported, of one source or of all, newest first. */
export async function syncReportPage(
  { db }: ReadContext,
  request: PageRequest,
  warehouseId: string,
  sourceId?: string,
): Promise<{ readonly rows: readonly SyncRow[]; readonly pagination: Pagination }> {
  const all = db.selectFrom('warehouse_sync').selectAll().where('warehouse_id', '=', warehouseId);
  const { rows, pagination } = await newestFirstPage(
    request,
    sourceId === undefined ? all : all.where('source_id', '=', sourceId),
  );
  return { rows: rows.map(({ row }) => row), pagination };
}
