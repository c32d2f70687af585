import { Type } from '../../schemas/type.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { readMembers, takeFromGroup } from '../../user-groups/group-members.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';

export const removeUsersFromUserGroup = writeOperation({
  operationId: 'removeUsersFromUserGroup',
  method: 'DELETE',
  path: '/group/{userGroupId}/users',
  tag: 'IAM Groups',
  summary: 'Takes users, and people invited, out of a group',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Group Memberships Deleted', resourceType: 'user-group' },
  params: Type.Object({ userGroupId: Id }),
  query: Type.Object({ emails: Type.Array(Id, { minItems: 1, maxItems: 200 }) }),
  response: StatusOutput,
  handle: async (context, { params, query }) => {
    const { db } = context;
    const row = await findUserGroup(db, params.userGroupId);
    const before = { emails: await readMembers(db, row) };
    await takeFromGroup(context, row, query.emails);
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before,
        after: { emails: await readMembers(db, row) },
      },
    };
  },
});
