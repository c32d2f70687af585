import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { grantsOf, Permission, PermissionInput } from '../models/permission.ts';
import { changeUserPermissions } from './change-user-permissions.ts';

export const replacePermissionsForUser = writeOperation({
  operationId: 'replacePermissionsForUser',
  method: 'PUT',
  path: '/users/{userId}/permissions',
  tag: 'IAM Users',
  summary: 'Gives a user these roles in place of those it has',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Policy Deleted', resourceType: 'user' },
  params: Type.Object({ userId: Id }),
  body: Type.Object({ permissions: Type.Array(PermissionInput, { maxItems: 100 }) }),
  response: Type.Object({ permissions: Type.Array(Permission) }),
  handle: (context, { params, body }) =>
    changeUserPermissions(context, params.userId, () => grantsOf(body.permissions)),
});
