import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { OAuthApp, OAuthName, OAuthScopes, TokenLifetime } from '../models/oauth-app.ts';
import { findOAuthApp, presentOAuthApp } from './read-oauth-app.ts';

export const updateOAuthApp = writeOperation({
  operationId: 'updateOAuthApp',
  method: 'PATCH',
  path: '/oauth/apps/{appId}',
  tag: 'Tributary',
  summary: 'Changes an OAuth app; scopes and lifetime are those of the tokens given from then on',
  permission: 'write',
  on: 'source',
  audit: { type: 'OAuth App Modified', resourceType: 'oauth_app' },
  params: Type.Object({ appId: Id }),
  body: Type.Object({
    name: Type.Optional(OAuthName),
    scopes: Type.Optional(OAuthScopes),
    tokenLifetime: Type.Optional(TokenLifetime),
  }),
  response: Type.Object({ app: OAuthApp }),
  handle: async ({ db }, { params, body }) => {
    const row = await findOAuthApp(db, params.appId);
    const before = { app: await presentOAuthApp(db, row.id) };
    const { name = row.name, tokenLifetime = row.token_lifetime } = body;
    const scopes =
      body.scopes === undefined ? row.scopes : JSON.stringify([...new Set(body.scopes)]);
    await db
      .updateTable('oauth_app')
      .set({ name, scopes, token_lifetime: tokenLifetime })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { app: await presentOAuthApp(db, row.id) },
      audited: { resourceId: row.id, resourceName: name, before },
    };
  },
});
