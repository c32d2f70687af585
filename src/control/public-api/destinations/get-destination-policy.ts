import assert from 'node:assert/strict';
import Type from 'typebox';
import { isKeyModes } from '../../../core/snapshot.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { DestinationPolicy } from './destination-policy.ts';
import { findDestination } from './read-destination.ts';

export const getDestinationPolicy = readOperation({
  operationId: 'getDestinationPolicy',
  method: 'GET',
  path: '/destinations/{destinationId}/policy',
  tag: 'Tributary',
  summary: 'Whether a destination takes live events, test events or both',
  permission: 'read',
  params: Type.Object({ destinationId: Id }),
  response: Type.Object({ policy: DestinationPolicy }),
  handle: async ({ db }, { params }) => {
    const { takes } = await findDestination(db, params.destinationId);
    assert(isKeyModes(takes), 'only known modes are stored');
    return { policy: { takes } };
  },
});
