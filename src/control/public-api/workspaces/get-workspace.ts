import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';

const Workspace = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  name: Type.String(),
});

export const getWorkspace = readOperation({
  operationId: 'getWorkspace',
  method: 'GET',
  path: '/',
  aliases: ['/workspace'],
  tag: 'Workspaces',
  summary: 'The workspace that the token belongs to',
  permission: 'read',
  on: 'workspace',
  response: Type.Object({ workspace: Workspace }),
  handle: ({ environment }) => ({ workspace: environment.workspace }),
});
