import Type from 'typebox';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Destination } from '../models/destination.ts';
import { listDestinationRows, presentDestinations } from './read-destination.ts';

export const listDestinations = readOperation({
  operationId: 'listDestinations',
  method: 'GET',
  path: '/destinations',
  tag: 'Destinations',
  summary: 'All destinations, oldest first',
  permission: 'read',
  on: 'source',
  query: PaginatedQuery,
  response: Type.Object({ destinations: Type.Array(Destination), pagination: PaginationOutput }),
  handle: async ({ db, environment }, { query }) => {
    const page = await listDestinationRows(db, pageRequest(query));
    return {
      destinations: presentDestinations(environment.catalog, page.rows),
      pagination: page.pagination,
    };
  },
});
