import { destinationPage } from '../../destinations/destination-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { configDestinations, Destination } from './destination.ts';

export const listDestinations = configRead({
  operationId: 'configListDestinations',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations',
  tag: 'Destinations',
  summary: 'The destinations of a source, oldest first',
  permission: 'read',
  area: 'source',
  query: PageQuery,
  response: Type.Object({ destinations: Type.Array(Destination), ...pageOutput }),
  handle: async (context, { params, query }) => {
    const source = await findNamedSource(context.db, params.source);
    const { rows, pagination } = await destinationPage(context, configPage(query), source.id);
    return {
      destinations: await configDestinations(context, source, rows),
      ...pageToken(pagination),
    };
  },
});
