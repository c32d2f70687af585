import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentDestinations } from './present-destination.ts';

export const deleteDestination = writeOperation({
  operationId: 'deleteDestination',
  method: 'DELETE',
  path: '/destinations/{destinationId}',
  tag: 'Destinations',
  summary: 'Deletes a destination; what waits for it becomes discards',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Integration Deleted', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  response: StatusOutput,
  handle: async ({ db, environment }, { params }) => {
    const row = await findDestination(db, params.destinationId);
    const [before] = presentDestinations(environment, [row]);
    await db.deleteFrom('destination').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? row.id,
        ...(before && { before: { destination: before } }),
      },
    };
  },
});
