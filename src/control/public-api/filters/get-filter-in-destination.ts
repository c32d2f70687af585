import { findFilter } from '../../destinations/filters/find-filter.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Filter } from '../models/filter.ts';
import { presentFilter } from './present-filter.ts';

export const getFilterInDestination = readOperation({
  operationId: 'getFilterInDestination',
  method: 'GET',
  path: '/destination/{destinationId}/filters/{filterId}',
  tag: 'Destination Filters',
  summary: 'One filter of a destination',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id, filterId: Id }),
  response: Type.Object({ filter: Filter }),
  handle: async ({ db }, { params }) => {
    const destination = await findDestination(db, params.destinationId);
    const row = await findFilter(db, destination.id, params.filterId);
    return { filter: presentFilter(destination, row) };
  },
});
