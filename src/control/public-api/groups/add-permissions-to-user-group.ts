import { addGrants } from '../../access/add-grants.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { grantsOf, Permission, PermissionInput } from '../models/permission.ts';
import { changeGroupPermissions } from './change-group-permissions.ts';

export const addPermissionsToUserGroup = writeOperation({
  operationId: 'addPermissionsToUserGroup',
  method: 'POST',
  path: '/groups/{userGroupId}/permissions',
  tag: 'IAM Groups',
  summary: 'Gives the members of a group roles beside those it has',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Policy Created', resourceType: 'user-group' },
  params: Type.Object({ userGroupId: Id }),
  body: Type.Object({ permissions: Type.Array(PermissionInput, { maxItems: 100 }) }),
  response: Type.Object({ permissions: Type.Array(Permission) }),
  handle: (context, { params, body }) =>
    changeGroupPermissions(context, params.userGroupId, (held) =>
      addGrants(held, grantsOf(body.permissions)),
    ),
});
