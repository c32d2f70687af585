import { findFilter } from '../../destinations/filters/find-filter.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentFilter } from './present-filter.ts';

export const removeFilterFromDestination = writeOperation({
  operationId: 'removeFilterFromDestination',
  method: 'DELETE',
  path: '/destination/{destinationId}/filters/{filterId}',
  tag: 'Destination Filters',
  summary: 'Takes a filter away from a destination',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Destination Filter Deleted', resourceType: 'destination-filter' },
  params: Type.Object({ destinationId: Id, filterId: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const destination = await findDestination(db, params.destinationId);
    const row = await findFilter(db, destination.id, params.filterId);
    await db.deleteFrom('destination_filter').where('id', '=', row.id).execute();
    const before = { filter: presentFilter(destination, row) };
    return {
      data: success,
      audited: { resourceId: row.id, resourceName: row.title, before },
    };
  },
});
