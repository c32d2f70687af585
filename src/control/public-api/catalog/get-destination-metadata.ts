import { TributaryError } from '../../../core/errors.ts';
import { destinationMetadata } from '../../catalog/destination-metadata.ts';
import { Type } from '../../schemas/type.ts';
import { seedDestinationMetadata } from '../destinations/seed-destination.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { DestinationMetadata } from '../models/destination.ts';

export const getDestinationMetadata = readOperation({
  operationId: 'getDestinationMetadata',
  method: 'GET',
  path: '/catalog/destinations/{destinationMetadataId}',
  tag: 'Catalog',
  summary: 'One kind of destination',
  permission: 'read',
  on: 'workspace',
  params: Type.Object({ destinationMetadataId: Id }),
  response: Type.Object({ destinationMetadata: DestinationMetadata }),
  seed: seedDestinationMetadata,
  handle: ({ environment }, { params }) => {
    const definition = environment.catalog.destination(params.destinationMetadataId);
    if (definition === undefined) {
      throw new TributaryError(
        'not_found',
        `Destination metadata with id '${params.destinationMetadataId}' not found.`,
      );
    }
    return { destinationMetadata: destinationMetadata(definition) };
  },
});
