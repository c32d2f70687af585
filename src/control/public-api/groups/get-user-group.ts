import { Type } from '../../schemas/type.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { UserGroup } from '../models/user-group.ts';
import { presentUserGroup } from './present-user-group.ts';

export const getUserGroup = readOperation({
  operationId: 'getUserGroup',
  method: 'GET',
  path: '/groups/{userGroupId}',
  tag: 'IAM Groups',
  summary: 'One group of users',
  permission: 'admin',
  on: 'access',
  params: Type.Object({ userGroupId: Id }),
  response: Type.Object({ userGroup: UserGroup }),
  handle: async ({ db }, { params }) => {
    const row = await findUserGroup(db, params.userGroupId);
    return { userGroup: await presentUserGroup(db, row) };
  },
});
