import Type from 'typebox';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest, readPage } from '../frame/pagination.ts';
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
    const all = db.selectFrom('token');
    const page = await readPage(pageRequest(query), {
      after: (position, count) =>
        all.selectAll().where('position', '>', position).orderBy('position').limit(count).execute(),
      before: (position, count) =>
        all
          .selectAll()
          .where('position', '<', position)
          .orderBy('position', 'desc')
          .limit(count)
          .execute(),
      total: () => all.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow(),
    });
    return { tokens: page.rows.map(presentToken), pagination: page.pagination };
  },
});
