import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { connectedSourcePage } from '../../warehouses/warehouse-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { presentSources } from '../sources/present-source.ts';

export const listConnectedSourcesFromWarehouse = readOperation({
  operationId: 'listConnectedSourcesFromWarehouse',
  method: 'GET',
  path: '/warehouses/{warehouseId}/connected-sources',
  tag: 'Warehouses',
  summary: 'The sources that are loaded into a warehouse, first connected first',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  params: Type.Object({ warehouseId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ sources: Type.Array(Source), pagination: PaginationOutput }),
  handle: async (context, { params, query }) => {
    const { id } = await findWarehouse(context.db, params.warehouseId);
    const { rows, pagination } = await connectedSourcePage(context, pageRequest(query), id);
    return { sources: await presentSources(context, rows), pagination };
  },
});
