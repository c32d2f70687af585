import { findFunction } from '../../functions/find-function.ts';
import { configRead } from '../frame/config-operation.ts';
import { configFunction, FunctionOutput } from './function.ts';

export const getFunction = configRead({
  operationId: 'configGetFunction',
  method: 'GET',
  path: '/workspaces/{workspace}/functions/{function}',
  tag: 'Functions',
  summary: 'One function with its latest code',
  permission: 'read',
  area: 'function',
  response: FunctionOutput,
  handle: async (context, { params }) =>
    configFunction(context, await findFunction(context.db, params.function)),
});
