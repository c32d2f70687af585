import { warehouseMetadata } from '../../catalog/warehouse-metadata.ts';
import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { WarehouseMetadata } from '../models/warehouse.ts';

export const getWarehousesCatalog = readOperation({
  operationId: 'getWarehousesCatalog',
  method: 'GET',
  path: '/catalog/warehouses',
  tag: 'Catalog',
  summary: 'The kinds of warehouses that can be made here',
  permission: 'read',
  on: 'workspace',
  query: PaginatedQuery,
  response: Type.Object({
    warehousesCatalog: Type.Array(WarehouseMetadata),
    pagination: PaginationOutput,
  }),
  handle: async ({ environment }, { query }) => {
    const page = await listPage(pageRequest(query), environment.catalog.warehouses);
    return {
      warehousesCatalog: page.rows.map(({ item }) => warehouseMetadata(item)),
      pagination: page.pagination,
    };
  },
});
