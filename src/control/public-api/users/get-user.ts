import { Type } from '../../schemas/type.ts';
import { findUser } from '../../users/find-user.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { User } from '../models/user.ts';
import { presentUser } from './present-user.ts';

export const getUser = readOperation({
  operationId: 'getUser',
  method: 'GET',
  path: '/users/{userId}',
  tag: 'IAM Users',
  summary: 'One user, with the roles of its own',
  permission: 'admin',
  on: 'access',
  params: Type.Object({ userId: Id }),
  response: Type.Object({ user: User }),
  handle: async ({ db }, { params }) => ({ user: presentUser(await findUser(db, params.userId)) }),
});
