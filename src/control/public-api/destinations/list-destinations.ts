import { destinationPage } from '../../destinations/destination-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Destination } from '../models/destination.ts';
import { presentDestinations } from './present-destination.ts';
import { seedDestinations } from './seed-destination.ts';

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
  seed: seedDestinations,
  handle: async (context, { query }) => {
    const { rows, pagination } = await destinationPage(context, pageRequest(query));
    return { destinations: presentDestinations(context.environment, rows), pagination };
  },
});
