import { configRead } from '../frame/config-operation.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { configDestination, Destination } from './destination.ts';
import { findNamedDestination } from './destination-names.ts';

export const getDestination = configRead({
  operationId: 'configGetDestination',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}',
  tag: 'Destinations',
  summary: 'One destination with all its settings, secrets masked',
  permission: 'read',
  area: 'source',
  response: Destination,
  handle: async (context, { params }) => {
    const source = await findNamedSource(context.db, params.source);
    const row = await findNamedDestination(context, source.id, params.destination);
    return configDestination(context, source, row);
  },
});
