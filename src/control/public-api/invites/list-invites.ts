import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';

export const listInvites = readOperation({
  operationId: 'listInvites',
  method: 'GET',
  path: '/invites',
  tag: 'IAM Users',
  summary: 'The addresses that are invited and no users yet',
  permission: 'admin',
  on: 'access',
  query: PaginatedQuery,
  response: Type.Object({ invites: Type.Array(Type.String()), pagination: PaginationOutput }),
  handle: async ({ db }, { query }) => {
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db.selectFrom('invite').select(['email', 'position']),
    );
    return { invites: rows.map(({ email }) => email), pagination };
  },
});
