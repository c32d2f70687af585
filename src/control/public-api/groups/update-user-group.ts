import { Type } from '../../schemas/type.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { renameUserGroup } from '../../user-groups/make-user-group.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { UserGroup } from '../models/user-group.ts';
import { presentUserGroup } from './present-user-group.ts';

export const updateUserGroup = writeOperation({
  operationId: 'updateUserGroup',
  method: 'PATCH',
  path: '/groups/{userGroupId}',
  tag: 'IAM Groups',
  summary: 'Names a group of users anew',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'User Group Updated', resourceType: 'user-group' },
  params: Type.Object({ userGroupId: Id }),
  body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) }),
  response: Type.Object({ userGroup: UserGroup }),
  handle: async (context, { params, body }) => {
    const { db } = context;
    const row = await findUserGroup(db, params.userGroupId);
    const before = await presentUserGroup(db, row);
    const changed = await renameUserGroup(context, row, body.name);
    return {
      data: { userGroup: await presentUserGroup(db, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        before: { userGroup: before },
      },
    };
  },
});
