import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { DestinationLimits, presentDestinationLimits } from './destination-limits.ts';

export const getDestinationLimits = readOperation({
  operationId: 'getDestinationLimits',
  method: 'GET',
  path: '/destinations/{destinationId}/limits',
  tag: 'Tributary',
  summary: 'The limits set for deliveries to a destination',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({ limits: DestinationLimits }),
  handle: async ({ db }, { params }) => {
    const row = await findDestination(db, params.destinationId);
    return { limits: presentDestinationLimits(JSON.parse(row.delivery_limits)) };
  },
});
