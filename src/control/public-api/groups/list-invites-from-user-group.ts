import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';

export const listInvitesFromUserGroup = readOperation({
  operationId: 'listInvitesFromUserGroup',
  method: 'GET',
  path: '/groups/{userGroupId}/invites',
  tag: 'IAM Groups',
  summary: 'The addresses in a group that are only invited',
  permission: 'admin',
  on: 'access',
  params: Type.Object({ userGroupId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ emails: Type.Array(Type.String()), pagination: PaginationOutput }),
  handle: async ({ db }, { params, query }) => {
    const group = await findUserGroup(db, params.userGroupId);
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db
        .selectFrom('user_group_member')
        .innerJoin('invite', 'invite.email', 'user_group_member.email')
        .where('user_group_member.group_id', '=', group.id)
        .select(['invite.email', 'user_group_member.position']),
      'user_group_member.position',
    );
    return { emails: rows.map(({ email }) => email), pagination };
  },
});
