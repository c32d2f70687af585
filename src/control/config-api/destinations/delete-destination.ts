import { presentDestinations } from '../../public-api/destinations/present-destination.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { findNamedDestination } from './destination-names.ts';

export const deleteDestination = configWrite({
  operationId: 'configDeleteDestination',
  method: 'DELETE',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}',
  tag: 'Destinations',
  summary: 'Deletes a destination; what waits for it becomes discards',
  permission: 'write',
  area: 'source',
  audit: { type: 'Integration Deleted', resourceType: 'destination' },
  response: Nothing,
  handle: async (context, { params }) => {
    const { db, environment } = context;
    const source = await findNamedSource(db, params.source);
    const row = await findNamedDestination(context, source.id, params.destination);
    const [before] = presentDestinations(environment, [row]);
    await db.deleteFrom('destination').where('id', '=', row.id).execute();
    return {
      data: nothing,
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? row.id,
        ...(before && { before: { destination: before } }),
      },
    };
  },
});
