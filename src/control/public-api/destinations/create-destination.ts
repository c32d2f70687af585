import { makeDestination } from '../../destinations/make-destination.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject } from '../frame/schema.ts';
import { Destination } from '../models/destination.ts';
import { presentDestination } from './present-destination.ts';
import { seedDestination } from './seed-destination.ts';

export const createDestination = writeOperation({
  operationId: 'createDestination',
  method: 'POST',
  path: '/destinations',
  tag: 'Destinations',
  summary: 'Connects a destination to a source',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Integration Created', resourceType: 'destination' },
  body: Type.Object({
    sourceId: Type.String({ minLength: 1, maxLength: 255 }),
    metadataId: Type.String({ minLength: 1, maxLength: 255 }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
  }),
  response: Type.Object({ destination: Destination }),
  seed: seedDestination,
  handle: async (context, { body }) => {
    const row = await makeDestination(context, body);
    const destination = presentDestination(context.environment, row);
    return {
      data: { destination },
      audited: { resourceId: row.id, resourceName: row.name ?? destination.metadata.name },
    };
  },
});
