import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { AccessToken, accessToken } from './access-token.ts';

export const listAccessTokens = configRead({
  operationId: 'configListAccessTokens',
  method: 'GET',
  path: '/access-tokens',
  tag: 'Access Tokens',
  summary: 'The access tokens, without their secrets',
  permission: 'admin',
  area: 'access',
  query: PageQuery,
  response: Type.Object({ access_tokens: Type.Array(AccessToken), ...pageOutput }),
  handle: async (context, { query }) => {
    const all = context.db.selectFrom('token').selectAll();
    const { rows, pagination } = await tablePage(configPage(query), all);
    return {
      access_tokens: rows.map((row) => accessToken(context, row)),
      ...pageToken(pagination),
    };
  },
});
