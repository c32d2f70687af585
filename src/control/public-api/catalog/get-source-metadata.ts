import { TributaryError } from '../../../core/errors.ts';
import { sourceMetadata } from '../../catalog/source-metadata.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { SourceMetadata } from '../models/source.ts';

export const getSourceMetadata = readOperation({
  operationId: 'getSourceMetadata',
  method: 'GET',
  path: '/catalog/sources/{sourceMetadataId}',
  tag: 'Catalog',
  summary: 'One kind of source',
  permission: 'read',
  on: 'workspace',
  params: Type.Object({ sourceMetadataId: Id }),
  response: Type.Object({ sourceMetadata: SourceMetadata }),
  seed: {
    response: Type.Object({ sourceMetadata: SourceMetadata, sourceCatalog: SourceMetadata }),
    from: (data) => ({ ...data, sourceCatalog: data['sourceMetadata'] }),
  },
  handle: ({ environment }, { params }) => {
    const definition = environment.catalog.source(params.sourceMetadataId);
    if (definition === undefined) {
      throw new TributaryError(
        'not_found',
        `Source metadata with id '${params.sourceMetadataId}' not found.`,
      );
    }
    return { sourceMetadata: sourceMetadata(definition) };
  },
});
