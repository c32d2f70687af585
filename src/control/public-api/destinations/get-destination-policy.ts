import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { DestinationPolicy, presentDestinationPolicy } from './destination-policy.ts';

export const getDestinationPolicy = readOperation({
  operationId: 'getDestinationPolicy',
  method: 'GET',
  path: '/destinations/{destinationId}/policy',
  tag: 'Tributary',
  summary: 'Whose events a destination takes, and the consent it needs',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({ policy: DestinationPolicy }),
  handle: async ({ db }, { params }) => {
    const row = await findDestination(db, params.destinationId);
    return { policy: presentDestinationPolicy(row) };
  },
});
