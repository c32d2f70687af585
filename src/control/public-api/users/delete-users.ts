import { Type } from '../../schemas/type.ts';
import { deleteUsers as removeUsers } from '../../users/delete-users.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentUser } from './present-user.ts';

export const deleteUsers = writeOperation({
  operationId: 'deleteUsers',
  method: 'DELETE',
  path: '/users',
  tag: 'IAM Users',
  summary: 'Deletes users, their tokens and their places in groups',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Group Memberships Deleted', resourceType: 'user' },
  query: Type.Object({ userIds: Type.Array(Id, { minItems: 1, maxItems: 200 }) }),
  response: StatusOutput,
  handle: async (context, { query }) => {
    const rows = await removeUsers(context, query.userIds);
    const [first] = rows;
    return {
      data: success,
      audited: {
        resourceId: first?.id ?? '',
        resourceName: rows.length === 1 ? (first?.email ?? '') : `${rows.length} users`,
        before: { users: rows.map(presentUser) },
      },
    };
  },
});
