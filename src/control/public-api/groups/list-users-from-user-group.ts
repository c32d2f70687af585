import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { MinimalUser } from '../models/user.ts';

export const listUsersFromUserGroup = readOperation({
  operationId: 'listUsersFromUserGroup',
  method: 'GET',
  path: '/groups/{userGroupId}/users',
  tag: 'IAM Groups',
  summary: 'The users in a group, without those who are only invited',
  permission: 'admin',
  on: 'access',
  params: Type.Object({ userGroupId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ users: Type.Array(MinimalUser), pagination: PaginationOutput }),
  handle: async ({ db }, { params, query }) => {
    const group = await findUserGroup(db, params.userGroupId);
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db
        .selectFrom('user_group_member')
        .innerJoin('iam_user', 'iam_user.email', 'user_group_member.email')
        .where('user_group_member.group_id', '=', group.id)
        .select(['iam_user.id', 'iam_user.name', 'iam_user.email', 'user_group_member.position']),
      'user_group_member.position',
    );
    return { users: rows.map(({ id, name, email }) => ({ id, name, email })), pagination };
  },
});
