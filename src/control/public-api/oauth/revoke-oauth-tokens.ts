import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { findOAuthApp } from './read-oauth-app.ts';

export const revokeOAuthTokens = writeOperation({
  operationId: 'revokeOAuthTokens',
  method: 'POST',
  path: '/oauth/apps/{appId}/revoke-tokens',
  tag: 'Tributary',
  summary: 'Revokes every access token of an OAuth app at once; its keys can fetch new ones',
  permission: 'write',
  on: 'source',
  audit: { type: 'OAuth Tokens Revoked', resourceType: 'oauth_app' },
  params: Type.Object({ appId: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findOAuthApp(db, params.appId);
    // A moment would not do: ingest may give a token just before it hears of the revocation.
    await db
      .updateTable('oauth_app')
      .set({ generation: row.generation + 1 })
      .where('id', '=', row.id)
      .execute();
    await db.deleteFrom('oauth_revoked_token').where('app_id', '=', row.id).execute();
    return { data: success, audited: { resourceId: row.id, resourceName: row.name } };
  },
});
