import { configRead } from '../frame/config-operation.ts';
import { readWorkspace, Workspace } from './workspace.ts';

export const getWorkspace = configRead({
  operationId: 'configGetWorkspace',
  method: 'GET',
  path: '/workspaces/{workspace}',
  tag: 'Workspaces',
  summary: 'The workspace, by its slug or its id',
  permission: 'read',
  area: 'workspace',
  response: Workspace,
  handle: readWorkspace,
});
