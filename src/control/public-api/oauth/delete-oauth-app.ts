import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { findOAuthApp, presentOAuthApp } from './read-oauth-app.ts';

export const deleteOAuthApp = writeOperation({
  operationId: 'deleteOAuthApp',
  method: 'DELETE',
  path: '/oauth/apps/{appId}',
  tag: 'Tributary',
  summary: 'Removes an OAuth app with its keys; its tokens are refused at once',
  permission: 'write',
  on: 'source',
  audit: { type: 'OAuth App Deleted', resourceType: 'oauth_app' },
  params: Type.Object({ appId: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findOAuthApp(db, params.appId);
    const before = { app: await presentOAuthApp(db, row.id) };
    await db.deleteFrom('oauth_app').where('id', '=', row.id).execute();
    return { data: success, audited: { resourceId: row.id, resourceName: row.name, before } };
  },
});
