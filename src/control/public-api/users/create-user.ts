import { Type } from '../../schemas/type.ts';
import { makeUser } from '../../users/make-user.ts';
import { writeOperation } from '../frame/operation.ts';
import { grantsOf, PermissionInput } from '../models/permission.ts';
import { Email, User } from '../models/user.ts';
import { presentUser } from './present-user.ts';

export const createUser = writeOperation({
  operationId: 'createUser',
  method: 'POST',
  path: '/users',
  tag: 'Tributary',
  summary: 'Makes a user; who was invited has what the invite says, and the invite ends',
  permission: 'admin',
  on: 'access',
  status: 201,
  audit: { type: 'User Created', resourceType: 'user' },
  body: Type.Object({
    email: Email,
    name: Type.String({ minLength: 1, maxLength: 255 }),
    permissions: Type.Optional(Type.Array(PermissionInput, { maxItems: 100 })),
  }),
  response: Type.Object({ user: User }),
  handle: async (context, { body }) => {
    const { email, name, permissions = [] } = body;
    const row = await makeUser(context, { email, name, grants: grantsOf(permissions) });
    return {
      data: { user: presentUser(row) },
      audited: { resourceId: row.id, resourceName: row.email },
    };
  },
});
