import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { configInvite, InviteOutput } from './invite.ts';

export const listInvites = configRead({
  operationId: 'configListInvites',
  method: 'GET',
  path: '/workspaces/{workspace}/invites',
  tag: 'IAM',
  summary: 'Who is invited and no user yet, with the roles that were promised',
  permission: 'admin',
  area: 'access',
  query: PageQuery,
  response: Type.Object({ invites: Type.Array(InviteOutput), ...pageOutput }),
  handle: async (context, { query }) => {
    const all = context.db.selectFrom('invite').selectAll();
    const { rows, pagination } = await tablePage(configPage(query), all);
    const invites = await Promise.all(rows.map((row) => configInvite(context, row)));
    return { invites, ...pageToken(pagination) };
  },
});
