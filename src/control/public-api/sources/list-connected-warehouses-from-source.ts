import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { connectedWarehousePage } from '../../warehouses/warehouse-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Warehouse } from '../models/warehouse.ts';
import { presentWarehouses } from '../warehouses/present-warehouse.ts';

export const listConnectedWarehousesFromSource = readOperation({
  operationId: 'listConnectedWarehousesFromSource',
  method: 'GET',
  path: '/sources/{sourceId}/connected-warehouses',
  tag: 'Sources',
  summary: 'The warehouses that a source is loaded into, first connected first',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ warehouses: Type.Array(Warehouse), pagination: PaginationOutput }),
  handle: async (context, { params, query }) => {
    const { id } = await findSource(context.db, params.sourceId);
    const { rows, pagination } = await connectedWarehousePage(context, pageRequest(query), id);
    return { warehouses: presentWarehouses(context.environment, rows), pagination };
  },
});
