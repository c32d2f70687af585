import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Destination } from '../models/destination.ts';
import { presentDestination } from './present-destination.ts';
import { seedDestination } from './seed-destination.ts';

export const getDestination = readOperation({
  operationId: 'getDestination',
  method: 'GET',
  path: '/destinations/{destinationId}',
  tag: 'Destinations',
  summary: 'One destination, its secrets masked',
  permission: 'read',
  on: { destination: 'destinationId' },
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({ destination: Destination }),
  seed: seedDestination,
  handle: async ({ db, environment }, { params }) => {
    const row = await findDestination(db, params.destinationId);
    return { destination: presentDestination(environment, row) };
  },
});
