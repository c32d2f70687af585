import { visibleIds } from '../access/visible-ids.ts';
import type { ReadContext } from '../context.ts';
import type { Page, PageRequest } from '../paging/read-page.ts';
import { tablePage } from '../paging/table-page.ts';
import type { SourceRow } from '../sources/find-source.ts';
import type { WarehouseRow } from './find-warehouse.ts';

/** A page of the warehouses that the token may see, oldest first. */
export async function warehousePage(
  { db, principal }: ReadContext,
  request: PageRequest,
): Promise<Page<WarehouseRow>> {
  const visible = await visibleIds(db, principal, 'warehouse', 'WAREHOUSE');
  const all = db.selectFrom('warehouse').selectAll();
  return tablePage(request, visible === undefined ? all : all.where('id', 'in', visible));
}

/** A page of the warehouses that a source is loaded into and that the token may see, first connected first. */
export async function connectedWarehousePage(
  { db, principal }: ReadContext,
  request: PageRequest,
  sourceId: string,
): Promise<Page<WarehouseRow>> {
  const visible = await visibleIds(db, principal, 'warehouse', 'WAREHOUSE');
  const connected = db
    .selectFrom('warehouse_source')
    .innerJoin('warehouse', 'warehouse.id', 'warehouse_source.warehouse_id')
    .selectAll('warehouse')
    .select('warehouse_source.position')
    .where('warehouse_source.source_id', '=', sourceId);
  return tablePage(
    request,
    visible === undefined ? connected : connected.where('warehouse.id', 'in', visible),
    'warehouse_source.position',
  );
}

/** A page of the sources that are loaded into a warehouse and that the token may see, first connected first. */
export async function connectedSourcePage(
  { db, principal }: ReadContext,
  request: PageRequest,
  warehouseId: string,
): Promise<Page<SourceRow>> {
  const visible = await visibleIds(db, principal, 'source', 'SOURCE');
  const connected = db
    .selectFrom('warehouse_source')
    .innerJoin('source', 'source.id', 'warehouse_source.source_id')
    .selectAll('source')
    .select('warehouse_source.position')
    .where('warehouse_source.warehouse_id', '=', warehouseId);
  return tablePage(
    request,
    visible === undefined ? connected : connected.where('source.id', 'in', visible),
    'warehouse_source.position',
  );
}
