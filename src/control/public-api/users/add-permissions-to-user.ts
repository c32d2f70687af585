import Type from 'typebox';
import { addGrants } from '../../access/add-grants.ts';
import { parseGrants } from '../../access/grant.ts';
import { findUser } from '../../users/find-user.ts';
import { setUserGrants } from '../../users/set-user-grants.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { grantsOf, Permission, PermissionInput } from '../models/permission.ts';
import { presentUser } from './present-user.ts';

export const addPermissionsToUser = writeOperation({
  operationId: 'addPermissionsToUser',
  method: 'POST',
  path: '/users/{userId}/permissions',
  tag: 'IAM Users',
  summary: 'Gives a user roles beside those it has',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Policy Created', resourceType: 'user' },
  params: Type.Object({ userId: Id }),
  body: Type.Object({ permissions: Type.Array(PermissionInput, { maxItems: 100 }) }),
  response: Type.Object({ permissions: Type.Array(Permission) }),
  handle: async (context, { params, body }) => {
    const row = await findUser(context.db, params.userId);
    const grants = addGrants(parseGrants(row.permissions), grantsOf(body.permissions));
    const { permissions } = presentUser(await setUserGrants(context, row, grants));
    return {
      data: { permissions },
      audited: {
        resourceId: row.id,
        resourceName: row.email,
        before: { permissions: presentUser(row).permissions },
      },
    };
  },
});
