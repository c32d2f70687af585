import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { OAuthApp } from '../models/oauth-app.ts';
import { connectSource } from './connect-source.ts';
import { findOAuthApp, presentOAuthApp } from './read-oauth-app.ts';

export const connectOAuthSource = writeOperation({
  operationId: 'connectOAuthSource',
  method: 'POST',
  path: '/oauth/apps/{appId}/sources',
  tag: 'Tributary',
  summary: 'Lets an OAuth app write to a source',
  permission: 'write',
  on: 'source',
  audit: { type: 'OAuth App Modified', resourceType: 'oauth_app' },
  params: Type.Object({ appId: Id }),
  body: Type.Object({ sourceId: Id }),
  response: Type.Object({ app: OAuthApp }),
  handle: async ({ db, revision }, { params, body }) => {
    const row = await findOAuthApp(db, params.appId);
    const before = { app: await presentOAuthApp(db, row.id) };
    await connectSource(db, row.id, body.sourceId, revision);
    return {
      data: { app: await presentOAuthApp(db, row.id) },
      audited: { resourceId: row.id, resourceName: row.name, before },
    };
  },
});
