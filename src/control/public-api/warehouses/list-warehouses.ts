import { Type } from '../../schemas/type.ts';
import { warehousePage } from '../../warehouses/warehouse-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Warehouse } from '../models/warehouse.ts';
import { presentWarehouses } from './present-warehouse.ts';

export const listWarehouses = readOperation({
  operationId: 'listWarehouses',
  method: 'GET',
  path: '/warehouses',
  tag: 'Warehouses',
  summary: 'All warehouses, oldest first',
  permission: 'read',
  on: 'warehouse',
  query: PaginatedQuery,
  response: Type.Object({ warehouses: Type.Array(Warehouse), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await warehousePage(context, pageRequest(query));
    return { warehouses: presentWarehouses(context.environment, rows), pagination };
  },
});
