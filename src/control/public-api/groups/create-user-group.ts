import { Type } from '../../schemas/type.ts';
import { makeUserGroup } from '../../user-groups/make-user-group.ts';
import { writeOperation } from '../frame/operation.ts';
import { UserGroup } from '../models/user-group.ts';
import { presentUserGroup } from './present-user-group.ts';

export const createUserGroup = writeOperation({
  operationId: 'createUserGroup',
  method: 'POST',
  path: '/groups',
  tag: 'IAM Groups',
  summary: 'Makes a group of users, without members and roles',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'User Group Created', resourceType: 'user-group' },
  body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) }),
  response: Type.Object({ userGroup: UserGroup }),
  handle: async (context, { body }) => {
    const row = await makeUserGroup(context, body.name);
    return {
      data: { userGroup: await presentUserGroup(context.db, row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
