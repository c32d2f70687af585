import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { readWorkspace, Workspace } from './workspace.ts';

export const listWorkspaces = configRead({
  operationId: 'configListWorkspaces',
  method: 'GET',
  path: '/workspaces',
  tag: 'Workspaces',
  summary: 'The workspaces that the token belongs to: one',
  permission: 'read',
  area: 'workspace',
  query: PageQuery,
  response: Type.Object({ workspaces: Type.Array(Workspace), ...pageOutput }),
  handle: async (context, { query }) => {
    const page = await listPage(configPage(query), [await readWorkspace(context)]);
    return { workspaces: page.rows.map(({ item }) => item), ...pageToken(page.pagination) };
  },
});
