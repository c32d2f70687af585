import { presentToken } from '../../public-api/tokens/present-token.ts';
import { revoke } from '../../tokens/revoke.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findNumberedToken } from './access-token.ts';

export const deleteAccessToken = configWrite({
  operationId: 'configDeleteAccessToken',
  method: 'DELETE',
  path: '/access-tokens/{token}',
  tag: 'Access Tokens',
  summary: 'Revokes an access token at once; the last one with the scope `workspace` stays',
  permission: 'admin',
  area: 'access',
  audit: { type: 'Access Token Revoked', resourceType: 'token' },
  response: Nothing,
  handle: async (context, { params }) => {
    const row = await findNumberedToken(context.db, params.token);
    await revoke(context, row);
    return {
      data: nothing,
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { token: presentToken(row) },
      },
    };
  },
});
