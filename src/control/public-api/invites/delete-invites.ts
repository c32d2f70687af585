import { deleteInvites as takeBack } from '../../invites/delete-invites.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';

export const deleteInvites = writeOperation({
  operationId: 'deleteInvites',
  method: 'DELETE',
  path: '/invites',
  tag: 'IAM Users',
  summary: 'Takes invites back',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  audit: { type: 'Invite Deleted', resourceType: 'invite' },
  query: Type.Object({ emails: Type.Array(Id, { minItems: 1, maxItems: 200 }) }),
  response: StatusOutput,
  handle: async (context, { query }) => {
    const emails = await takeBack(context, query.emails);
    const [first = ''] = emails;
    const resourceName = emails.length === 1 ? first : `${emails.length} invites`;
    return { data: success, audited: { resourceId: first, resourceName, before: { emails } } };
  },
});
