import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Email } from '../models/user.ts';
import { UserGroup } from '../models/user-group.ts';
import { changeMembers } from './change-members.ts';

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
  handle: (context, { params, body }) =>
    changeMembers(context, params.userGroupId, body.emails, false),
});
