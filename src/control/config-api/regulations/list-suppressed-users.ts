import { tablePage } from '../../paging/table-page.ts';
import { requirePrivacy } from '../../public-api/regulations/require-privacy.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';

export const listSuppressedUsers = configRead({
  operationId: 'configListSuppressedUsers',
  method: 'GET',
  path: '/workspaces/{workspace}/suppressed-users',
  tag: 'GDPR Regulations',
  summary: 'The ids of the users suppressed in all sources, by the time of their suppression',
  permission: 'read',
  area: 'privacy',
  query: PageQuery,
  response: Type.Object({ suppressed_users: Type.Array(Type.String()), ...pageOutput }),
  handle: async (context, { query }) => {
    await requirePrivacy(context);
    const { rows, pagination } = await tablePage(
      configPage(query),
      context.db
        .selectFrom('suppression')
        .select(['subject_id', 'position'])
        .where('scope', '=', '')
        .where('in_force', '=', 1),
    );
    return {
      suppressed_users: rows.map(({ subject_id }) => subject_id),
      ...pageToken(pagination),
    };
  },
});
