import { presentToken } from '../../public-api/tokens/present-token.ts';
import { Type } from '../../schemas/type.ts';
import { findToken } from '../../tokens/find-token.ts';
import { configWrite } from '../frame/config-operation.ts';
import { maskedText, maskKeys, ResourceInput, readMasked } from '../frame/update-mask.ts';
import { AccessToken, accessToken, findNumberedToken } from './access-token.ts';

const key = 'access_token';

export const updateAccessToken = configWrite({
  operationId: 'configUpdateAccessToken',
  method: 'PATCH',
  path: '/access-tokens/{token}',
  tag: 'Access Tokens',
  summary: 'Changes the description of an access token',
  permission: 'admin',
  area: 'access',
  audit: { type: 'Access Token Modified', resourceType: 'token' },
  body: Type.Object({ access_token: ResourceInput, ...maskKeys }),
  response: AccessToken,
  handle: async (context, { params, body }) => {
    const row = await findNumberedToken(context.db, params.token);
    const name = maskedText(readMasked(body, key, ['description']), key, 'description');
    if (name !== undefined) {
      await context.db.updateTable('token').set({ name }).where('id', '=', row.id).execute();
    }
    const changed = await findToken(context.db, row.id);
    return {
      data: accessToken(context, changed),
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        before: { token: presentToken(row) },
        after: { token: presentToken(changed) },
      },
    };
  },
});
