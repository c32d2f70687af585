import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { OAuthApp } from '../models/oauth-app.ts';
import { presentOAuthApp } from './read-oauth-app.ts';

export const getOAuthApp = readOperation({
  operationId: 'getOAuthApp',
  method: 'GET',
  path: '/oauth/apps/{appId}',
  tag: 'Tributary',
  summary: 'One OAuth app',
  permission: 'read',
  on: 'source',
  params: Type.Object({ appId: Id }),
  response: Type.Object({ app: OAuthApp }),
  handle: async ({ db }, { params }) => ({ app: await presentOAuthApp(db, params.appId) }),
});
