import { destinationPage } from '../../destinations/destination-page.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { presentDestinations } from '../destinations/present-destination.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Destination } from '../models/destination.ts';

export const listConnectedDestinationsFromSource = readOperation({
  operationId: 'listConnectedDestinationsFromSource',
  method: 'GET',
  path: '/sources/{sourceId}/connected-destinations',
  tag: 'Sources',
  summary: 'The destinations of a source, oldest first',
  permission: 'read',
  on: { source: 'sourceId' },
  params: Type.Object({ sourceId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ destinations: Type.Array(Destination), pagination: PaginationOutput }),
  handle: async (context, { params, query }) => {
    const source = await findSource(context.db, params.sourceId);
    const { rows, pagination } = await destinationPage(context, pageRequest(query), source.id);
    return { destinations: presentDestinations(context.environment, rows), pagination };
  },
});
