import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { findUser } from '../../users/find-user.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { MinimalUserGroup } from '../models/user-group.ts';

export const listUserGroupsFromUser = readOperation({
  operationId: 'listUserGroupsFromUser',
  method: 'GET',
  path: '/users/{userId}/groups',
  tag: 'IAM Users',
  summary: 'The groups that a user is in',
  permission: 'admin',
  on: 'access',
  params: Type.Object({ userId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ groups: Type.Array(MinimalUserGroup), pagination: PaginationOutput }),
  handle: async ({ db }, { params, query }) => {
    const { email } = await findUser(db, params.userId);
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db
        .selectFrom('user_group')
        .innerJoin('user_group_member', 'user_group_member.group_id', 'user_group.id')
        .where('user_group_member.email', '=', email)
        .select(['user_group.id', 'user_group.name', 'user_group.position']),
      'user_group.position',
    );
    return { groups: rows.map(({ id, name }) => ({ id, name })), pagination };
  },
});
