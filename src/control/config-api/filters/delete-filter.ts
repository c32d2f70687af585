import { presentFilter } from '../../public-api/filters/present-filter.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findNamedFilter } from './find-named-filter.ts';

export const deleteFilter = configWrite({
  operationId: 'configDeleteFilter',
  method: 'DELETE',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/filters/{filter}',
  tag: 'Destination Filters',
  summary: 'Takes a filter away from a destination',
  permission: 'write',
  area: 'source',
  audit: { type: 'Destination Filter Deleted', resourceType: 'destination-filter' },
  response: Nothing,
  handle: async (context, { params }) => {
    const place = await namedDestination(context, params);
    const row = await findNamedFilter(context, place, params.filter);
    await context.db.deleteFrom('destination_filter').where('id', '=', row.id).execute();
    const before = { filter: presentFilter(place.destination, row) };
    return { data: nothing, audited: { resourceId: row.id, resourceName: row.title, before } };
  },
});
