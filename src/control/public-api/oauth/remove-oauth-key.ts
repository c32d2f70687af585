import { TributaryError } from '../../../core/errors.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { OAuthApp } from '../models/oauth-app.ts';
import { findOAuthApp, presentOAuthApp } from './read-oauth-app.ts';

export const removeOAuthKey = writeOperation({
  operationId: 'removeOAuthKey',
  method: 'DELETE',
  path: '/oauth/apps/{appId}/keys/{keyId}',
  tag: 'Tributary',
  summary: 'Removes a public key; the tokens that were given for it are refused at once',
  permission: 'write',
  on: 'source',
  audit: { type: 'OAuth App Modified', resourceType: 'oauth_app' },
  params: Type.Object({ appId: Id, keyId: Id }),
  response: Type.Object({ app: OAuthApp }),
  handle: async ({ db }, { params }) => {
    const row = await findOAuthApp(db, params.appId);
    const before = { app: await presentOAuthApp(db, row.id) };
    const { numDeletedRows } = await db
      .deleteFrom('oauth_key')
      .where('app_id', '=', row.id)
      .where('id', '=', params.keyId)
      .executeTakeFirst();
    if (numDeletedRows === 0n) {
      throw new TributaryError('not_found', `The OAuth app has no key '${params.keyId}'.`);
    }
    return {
      data: { app: await presentOAuthApp(db, row.id) },
      audited: { resourceId: row.id, resourceName: row.name, before },
    };
  },
});
