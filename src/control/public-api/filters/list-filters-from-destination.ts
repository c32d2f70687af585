import { filterPage } from '../../destinations/filters/filter-page.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Filter } from '../models/filter.ts';
import { presentFilter } from './present-filter.ts';

export const listFiltersFromDestination = readOperation({
  operationId: 'listFiltersFromDestination',
  method: 'GET',
  path: '/destination/{destinationId}/filters',
  tag: 'Destination Filters',
  summary: 'The filters of a destination, oldest first',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ filters: Type.Array(Filter), pagination: PaginationOutput }),
  handle: async (context, { params, query }) => {
    const destination = await findDestination(context.db, params.destinationId);
    const { rows, pagination } = await filterPage(context, pageRequest(query), destination.id);
    return { filters: rows.map((row) => presentFilter(destination, row)), pagination };
  },
});
