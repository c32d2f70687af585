import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configTime } from '../frame/config-time.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { workspaceName } from '../frame/resource-name.ts';

const UserOutput = Type.Object({
  name: Type.String(),
  email: Type.String(),
  display_name: Type.String(),
  create_time: Type.String(),
});

export const listUsers = configRead({
  operationId: 'configListUsers',
  method: 'GET',
  path: '/workspaces/{workspace}/users',
  tag: 'IAM',
  summary: 'The users of the workspace, oldest first',
  permission: 'admin',
  area: 'access',
  query: PageQuery,
  response: Type.Object({ users: Type.Array(UserOutput), ...pageOutput }),
  handle: async ({ db, environment }, { query }) => {
    const all = db.selectFrom('iam_user').selectAll();
    const { rows, pagination } = await tablePage(configPage(query), all);
    return {
      users: rows.map(({ id, email, name, created_at }) => ({
        name: `${workspaceName(environment)}/users/${id}`,
        email,
        display_name: name,
        create_time: configTime(created_at),
      })),
      ...pageToken(pagination),
    };
  },
});
