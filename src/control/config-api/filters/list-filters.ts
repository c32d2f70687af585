import { filterPage } from '../../destinations/filters/filter-page.ts';
import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { configFilter, FilterOutput } from './filter.ts';

export const listFilters = configRead({
  operationId: 'configListFilters',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/filters',
  tag: 'Destination Filters',
  summary: 'The filters of a destination, oldest first',
  permission: 'read',
  area: 'source',
  query: PageQuery,
  response: Type.Object({ filters: Type.Array(FilterOutput), ...pageOutput }),
  handle: async (context, { params, query }) => {
    const { destination, name } = await namedDestination(context, params);
    const { rows, pagination } = await filterPage(context, configPage(query), destination.id);
    return { filters: rows.map((row) => configFilter(name, row)), ...pageToken(pagination) };
  },
});
