import Type from 'typebox';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { DestinationPolicy } from './destination-policy.ts';
import { findDestination } from './read-destination.ts';

export const updateDestinationPolicy = writeOperation({
  operationId: 'updateDestinationPolicy',
  method: 'PATCH',
  path: '/destinations/{destinationId}/policy',
  tag: 'Tributary',
  summary: 'Sets whether a destination takes live events, test events or both',
  permission: 'write',
  audit: { type: 'Integration Modified', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  body: DestinationPolicy,
  response: Type.Object({ policy: DestinationPolicy }),
  handle: async ({ db }, { params, body }) => {
    const row = await findDestination(db, params.destinationId);
    const { takes } = body;
    await db.updateTable('destination').set({ takes }).where('id', '=', row.id).execute();
    return {
      data: { policy: { takes } },
      audited: { resourceId: row.id, resourceName: row.name ?? row.id },
    };
  },
});
