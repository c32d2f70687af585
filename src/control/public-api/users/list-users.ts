import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { User } from '../models/user.ts';
import { presentUser } from './present-user.ts';

export const listUsers = readOperation({
  operationId: 'listUsers',
  method: 'GET',
  path: '/users',
  tag: 'IAM Users',
  summary: 'The users of the workspace, oldest first, with the roles of their own',
  permission: 'admin',
  on: 'access',
  query: PaginatedQuery,
  response: Type.Object({ users: Type.Array(User), pagination: PaginationOutput }),
  handle: async ({ db }, { query }) => {
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db.selectFrom('iam_user').selectAll(),
    );
    return { users: rows.map(presentUser), pagination };
  },
});
