import Type from 'typebox';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { putInGroup, readMembers } from '../../user-groups/group-members.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Email } from '../models/user.ts';
import { UserGroup } from '../models/user-group.ts';
import { presentUserGroup } from './present-user-group.ts';

export const addUsersToUserGroup = writeOperation({
  operationId: 'addUsersToUserGroup',
  method: 'POST',
  path: '/groups/{userGroupId}/users',
  tag: 'IAM Groups',
  summary: 'Puts users, and people invited, in a group',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Subjects Added to Group', resourceType: 'user-group' },
  params: Type.Object({ userGroupId: Id }),
  body: Type.Object({ emails: Type.Array(Email, { maxItems: 1_000 }) }),
  response: Type.Object({ userGroup: UserGroup }),
  handle: async (context, { params, body }) => {
    const { db } = context;
    const row = await findUserGroup(db, params.userGroupId);
    const before = { emails: await readMembers(db, row) };
    await putInGroup(context, row, body.emails, false);
    return {
      data: { userGroup: await presentUserGroup(db, row) },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before,
        after: { emails: await readMembers(db, row) },
      },
    };
  },
});
