import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { syncReportPage } from '../../warehouses/sync-reports.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { presentSync, SyncsOutput } from './present-sync.ts';

export const listSyncsFromWarehouseAndSource = readOperation({
  operationId: 'listSyncsFromWarehouseAndSource',
  method: 'GET',
  path: '/warehouses/{warehouseId}/connected-sources/{sourceId}/syncs',
  tag: 'Selective Sync',
  summary: 'What the syncs of one source into a warehouse reported, newest first',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  perMinute: 2,
  params: Type.Object({ warehouseId: Id, sourceId: Id }),
  query: PaginatedQuery,
  response: SyncsOutput,
  handle: async (context, { params, query }) => {
    const { id } = await findWarehouse(context.db, params.warehouseId);
    const source = await findSource(context.db, params.sourceId);
    const { rows, pagination } = await syncReportPage(context, pageRequest(query), id, source.id);
    const now = context.environment.clock.now();
    return { reports: rows.map((row) => presentSync(row, now)), pagination };
  },
});
