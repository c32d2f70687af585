import { Type } from '../../schemas/type.ts';
import { changeSource, sourceChangeType } from '../../sources/change-source.ts';
import { findSource } from '../../sources/find-source.ts';
import { Slug } from '../../sources/source-slug.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { presentSource } from './present-source.ts';

export const updateSource = writeOperation({
  operationId: 'updateSource',
  method: 'PATCH',
  path: '/sources/{sourceId}',
  tag: 'Sources',
  summary: 'Changes a source; settings are merged',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    slug: Type.Optional(Slug),
    settings: Type.Optional(FreeObject),
  }),
  response: Type.Object({ source: Source }),
  handle: async (context, { params, body }) => {
    const row = await findSource(context.db, params.sourceId);
    const before = await presentSource(context, row);
    const changed = await changeSource(context, row, body);
    return {
      data: { source: await presentSource(context, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        type: sourceChangeType(row, body),
        before: { source: before },
      },
    };
  },
});
