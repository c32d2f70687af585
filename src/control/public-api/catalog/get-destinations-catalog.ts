import { destinationMetadata } from '../../catalog/destination-metadata.ts';
import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { DestinationMetadata } from '../models/destination.ts';

export const getDestinationsCatalog = readOperation({
  operationId: 'getDestinationsCatalog',
  method: 'GET',
  path: '/catalog/destinations',
  tag: 'Catalog',
  summary: 'The kinds of destinations that can be made here',
  permission: 'read',
  on: 'workspace',
  query: PaginatedQuery,
  response: Type.Object({
    destinationsCatalog: Type.Array(DestinationMetadata),
    pagination: PaginationOutput,
  }),
  handle: async ({ environment }, { query }) => {
    const page = await listPage(pageRequest(query), environment.catalog.destinations);
    return {
      destinationsCatalog: page.rows.map(({ item }) => destinationMetadata(item)),
      pagination: page.pagination,
    };
  },
});
