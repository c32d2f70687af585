import { TributaryError } from '../../../core/errors.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { OAuthApp } from '../models/oauth-app.ts';
import { findOAuthApp, presentOAuthApp } from './read-oauth-app.ts';

export const disconnectOAuthSource = writeOperation({
  operationId: 'disconnectOAuthSource',
  method: 'DELETE',
  path: '/oauth/apps/{appId}/sources/{sourceId}',
  tag: 'Tributary',
  summary: 'Lets an OAuth app no longer write to a source; its tokens are refused there at once',
  permission: 'write',
  on: { source: 'sourceId' },
  audit: { type: 'OAuth App Modified', resourceType: 'oauth_app' },
  params: Type.Object({ appId: Id, sourceId: Id }),
  response: Type.Object({ app: OAuthApp }),
  handle: async ({ db }, { params }) => {
    const row = await findOAuthApp(db, params.appId);
    const before = { app: await presentOAuthApp(db, row.id) };
    const { numDeletedRows } = await db
      .deleteFrom('oauth_app_source')
      .where('app_id', '=', row.id)
      .where('source_id', '=', params.sourceId)
      .executeTakeFirst();
    if (numDeletedRows === 0n) {
      const message = `The OAuth app is not connected to the source '${params.sourceId}'.`;
      throw new TributaryError('not_found', message);
    }
    return {
      data: { app: await presentOAuthApp(db, row.id) },
      audited: { resourceId: row.id, resourceName: row.name, before },
    };
  },
});
