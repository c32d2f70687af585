import { deleteInvites } from '../../invites/delete-invites.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findInvite } from './invite.ts';

export const deleteInvite = configWrite({
  operationId: 'configDeleteInvite',
  method: 'DELETE',
  path: '/workspaces/{workspace}/invites/{invite}',
  tag: 'IAM',
  summary: 'Takes an invite back, by its id or its address',
  permission: 'admin',
  area: 'access',
  audit: { type: 'Invite Deleted', resourceType: 'invite' },
  response: Nothing,
  handle: async (context, { params }) => {
    const { email } = await findInvite(context, params.invite);
    const emails = await deleteInvites(context, [email]);
    return {
      data: nothing,
      audited: { resourceId: email, resourceName: email, before: { emails } },
    };
  },
});
