import { requireAnAdmin } from '../../access/require-an-admin.ts';
import { Type } from '../../schemas/type.ts';
import { findUserGroup } from '../../user-groups/find-user-group.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentUserGroup } from './present-user-group.ts';

export const deleteUserGroup = writeOperation({
  operationId: 'deleteUserGroup',
  method: 'DELETE',
  path: '/groups/{userGroupId}',
  tag: 'IAM Groups',
  summary: 'Deletes a group; its members stay, without its roles',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'User Group Deleted', resourceType: 'user-group' },
  params: Type.Object({ userGroupId: Id }),
  response: StatusOutput,
  handle: async (context, { params }) => {
    const { db } = context;
    const row = await findUserGroup(db, params.userGroupId);
    const before = await presentUserGroup(db, row);
    await db.deleteFrom('user_group').where('id', '=', row.id).execute();
    await requireAnAdmin(context);
    return {
      data: success,
      audited: { resourceId: row.id, resourceName: row.name, before: { userGroup: before } },
    };
  },
});
