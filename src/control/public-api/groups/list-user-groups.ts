import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { UserGroup } from '../models/user-group.ts';
import { presentUserGroups } from './present-user-group.ts';

export const listUserGroups = readOperation({
  operationId: 'listUserGroups',
  method: 'GET',
  path: '/groups',
  tag: 'IAM Groups',
  summary: 'The groups of users, oldest first',
  permission: 'admin',
  on: 'access',
  query: PaginatedQuery,
  response: Type.Object({ userGroups: Type.Array(UserGroup), pagination: PaginationOutput }),
  handle: async ({ db }, { query }) => {
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db.selectFrom('user_group').selectAll(),
    );
    return { userGroups: await presentUserGroups(db, rows), pagination };
  },
});
