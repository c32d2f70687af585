import { changeDestination, destinationChangeType } from '../../destinations/change-destination.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id, nullable } from '../frame/schema.ts';
import { Destination } from '../models/destination.ts';
import { presentDestination } from './present-destination.ts';
import { seedDestination } from './seed-destination.ts';

export const updateDestination = writeOperation({
  operationId: 'updateDestination',
  method: 'PATCH',
  path: '/destinations/{destinationId}',
  tag: 'Destinations',
  summary: 'Changes a destination; settings are merged, masked secrets stay',
  permission: 'write',
  on: { destination: 'destinationId' },
  audit: { type: 'Integration Modified', resourceType: 'destination' },
  params: Type.Object({ destinationId: Id }),
  body: Type.Object({
    name: Type.Optional(nullable('string')),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
  }),
  response: Type.Object({ destination: Destination }),
  seed: seedDestination,
  handle: async (context, { params, body }) => {
    const { db, environment } = context;
    const row = await findDestination(db, params.destinationId);
    const before = presentDestination(environment, row);
    const changed = await changeDestination(context, row, body);
    return {
      data: { destination: presentDestination(environment, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name ?? before.metadata.name,
        type: destinationChangeType(row, body),
        before: { destination: before },
      },
    };
  },
});
