import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentSourceOAuth, SourceOAuth } from './source-oauth.ts';

export const updateSourceOAuth = writeOperation({
  operationId: 'updateSourceOAuth',
  method: 'PATCH',
  path: '/sources/{sourceId}/oauth',
  tag: 'Tributary',
  summary: 'Sets whether a source takes events only with an access token',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({ required: Type.Boolean() }),
  response: Type.Object({ oauth: SourceOAuth }),
  handle: async ({ db }, { params, body }) => {
    const row = await findSource(db, params.sourceId);
    const before = { oauth: await presentSourceOAuth(db, row.id) };
    await db
      .updateTable('source')
      .set({ requires_oauth: body.required ? 1 : 0 })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { oauth: await presentSourceOAuth(db, row.id) },
      audited: { resourceId: row.id, resourceName: row.name, before },
    };
  },
});
