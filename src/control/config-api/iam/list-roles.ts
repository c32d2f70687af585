import { roles } from '../../access/roles.ts';
import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { roleName } from './iam-names.ts';

const RoleOutput = Type.Object({
  name: Type.String(),
  display_name: Type.String(),
  description: Type.String(),
  /** What it allows: `source:admin`, `workspace:read`. */
  actions: Type.Array(Type.String()),
});

export const listRoles = configRead({
  operationId: 'configListRoles',
  method: 'GET',
  path: '/workspaces/{workspace}/roles',
  tag: 'IAM',
  summary: 'The roles that can be given; their names are the same on every server',
  permission: 'read',
  area: 'workspace',
  query: PageQuery,
  response: Type.Object({ roles: Type.Array(RoleOutput), ...pageOutput }),
  handle: async ({ environment }, { query }) => {
    const page = await listPage(configPage(query), roles);
    return {
      roles: page.rows.map(({ item: { id, name, description, areas } }) => ({
        name: roleName(environment, id),
        display_name: name,
        description,
        actions: Object.entries(areas).map(([area, level]) => `${area}:${level}`),
      })),
      ...pageToken(page.pagination),
    };
  },
});
