import type { Selectable } from 'kysely';
import type { WarehouseSyncTable } from '../../core/tables/warehouse-load-tables.ts';
import type { ReadContext } from '../context.ts';
import { newestFirstPage } from '../paging/newest-first-page.ts';
import { type PageRequest, type Pagination, readPage } from '../paging/read-page.ts';

export type SyncRow = Selectable<WarehouseSyncTable>;

/** A page of what the syncs of a warehouse reported, of one source or of all, newest first: the loads write it. */
export async function syncReportPage(
  { environment }: ReadContext,
  request: PageRequest,
  warehouseId: string,
  sourceId?: string,
): Promise<{ readonly rows: readonly SyncRow[]; readonly pagination: Pagination }> {
  const work = environment.work();
  if (work === undefined) return readPage(request, nothing);
  const all = work.db
    .selectFrom('warehouse_sync')
    .selectAll()
    .where('warehouse_id', '=', warehouseId);
  const { rows, pagination } = await newestFirstPage(
    request,
    sourceId === undefined ? all : all.where('source_id', '=', sourceId),
  );
  return { rows: rows.map(({ row }) => row), pagination };
}

const nothing = {
  after: async () => [],
  before: async () => [],
  total: async () => ({ total: 0 }),
};
