import Type from 'typebox';
import { listDestinationRows, presentDestinations } from '../destinations/read-destination.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Destination } from '../models/destination.ts';
import { findSource } from './read-source.ts';

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
  handle: async ({ db, environment }, { params, query }) => {
    const source = await findSource(db, params.sourceId);
    const page = await listDestinationRows(db, pageRequest(query), source.id);
    return {
      destinations: presentDestinations(environment.catalog, page.rows),
      pagination: page.pagination,
    };
  },
});
