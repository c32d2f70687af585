import Type from 'typebox';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { setGroupGrants } from '../../user-groups/set-group-grants.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { grantsOf, Permission, PermissionInput } from '../models/permission.ts';
import { presentUserGroup } from './present-user-group.ts';

export const replacePermissionsForUserGroup = writeOperation({
  operationId: 'replacePermissionsForUserGroup',
  method: 'PUT',
  path: '/groups/{userGroupId}/permissions',
  tag: 'IAM Groups',
  summary: 'Gives the members of a group these roles in place of those it has',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Policy Deleted', resourceType: 'user-group' },
  params: Type.Object({ userGroupId: Id }),
  body: Type.Object({ permissions: Type.Array(PermissionInput, { maxItems: 100 }) }),
  response: Type.Object({ permissions: Type.Array(Permission) }),
  handle: async (context, { params, body }) => {
    const { db } = context;
    const row = await findUserGroup(db, params.userGroupId);
    const before = await presentUserGroup(db, row);
    const grants = grantsOf(body.permissions);
    const changed = await presentUserGroup(db, await setGroupGrants(context, row, grants));
    return {
      data: { permissions: changed.permissions },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { permissions: before.permissions },
      },
    };
  },
});
