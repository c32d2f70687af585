import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Token } from '../models/token.ts';
import { presentToken } from './present-token.ts';

export const listTokens = readOperation({
  operationId: 'listTokens',
  method: 'GET',
  path: '/tokens',
  tag: 'Tributary',
  summary: 'The access tokens, without their secrets',
  permission: 'admin',
  on: 'access',
  query: PaginatedQuery,
  response: Type.Object({ tokens: Type.Array(Token), pagination: PaginationOutput }),
  handle: async ({ db }, { query }) => {
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db.selectFrom('token').selectAll(),
    );
    return { tokens: rows.map(presentToken), pagination };
  },
});
