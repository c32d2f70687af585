import { namedDestination } from '../destinations/named-destination.ts';
import { configRead } from '../frame/config-operation.ts';
import { configFilter, FilterOutput } from './filter.ts';
import { findNamedFilter } from './find-named-filter.ts';

export const getFilter = configRead({
  operationId: 'configGetFilter',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/filters/{filter}',
  tag: 'Destination Filters',
  summary: 'One filter of a destination',
  permission: 'read',
  area: 'source',
  response: FilterOutput,
  handle: async (context, { params }) => {
    const place = await namedDestination(context, params);
    return configFilter(place.name, await findNamedFilter(context, place, params.filter));
  },
});
