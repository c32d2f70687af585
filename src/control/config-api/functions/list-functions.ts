import { functionPage } from '../../functions/function-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, pageOutput, pageQuery, pageToken } from '../frame/page.ts';
import { configFunction, FunctionOutput } from './function.ts';
import { functionTypeOf } from './function-input.ts';

export const listFunctions = configRead({
  operationId: 'configListFunctions',
  method: 'GET',
  path: '/workspaces/{workspace}/functions',
  tag: 'Functions',
  summary: 'The functions, of one `type` or of all, oldest first',
  permission: 'read',
  area: 'function',
  query: Type.Object({ type: Type.Optional(Type.String()), ...pageQuery }),
  response: Type.Object({ functions: Type.Array(FunctionOutput), ...pageOutput }),
  handle: async (context, { query }) => {
    const type = query.type === undefined ? undefined : functionTypeOf('type', query.type);
    const { rows, pagination } = await functionPage(context, configPage(query), type);
    const functions = await Promise.all(rows.map((row) => configFunction(context, row)));
    return { functions, ...pageToken(pagination) };
  },
});
