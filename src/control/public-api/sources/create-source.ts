import { Type } from '../../schemas/type.ts';
import { makeSource } from '../../sources/make-source.ts';
import { Slug } from '../../sources/source-slug.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { presentSource } from './present-source.ts';

export const createSource = writeOperation({
  operationId: 'createSource',
  method: 'POST',
  path: '/sources',
  tag: 'Sources',
  summary: 'Makes a source with one write key',
  permission: 'write',
  on: 'source',
  status: 201,
  audit: { type: 'Source Created', resourceType: 'source' },
  body: Type.Object({
    slug: Slug,
    metadataId: Type.String({ minLength: 1, maxLength: 255 }),
    enabled: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    settings: Type.Optional(FreeObject),
    disconnectAllWarehouses: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ source: Source }),
  handle: async (context, { body }) => {
    const row = await makeSource(context, body);
    return {
      data: { source: await presentSource(context, row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
