import { configRead } from '../frame/config-operation.ts';
import { AccessToken, accessToken, findNumberedToken } from './access-token.ts';

export const getAccessToken = configRead({
  operationId: 'configGetAccessToken',
  method: 'GET',
  path: '/access-tokens/{token}',
  tag: 'Access Tokens',
  summary: 'One access token, without its secret',
  permission: 'admin',
  area: 'access',
  response: AccessToken,
  handle: async (context, { params }) =>
    accessToken(context, await findNumberedToken(context.db, params.token)),
});
