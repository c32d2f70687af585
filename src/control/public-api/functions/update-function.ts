import { changeFunction } from '../../functions/change-function.ts';
import { findFunction } from '../../functions/find-function.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { FunctionCode, FunctionName, FunctionText, UserFunction } from '../models/function.ts';
import { presentFunction } from './present-function.ts';

export const updateFunction = writeOperation({
  operationId: 'updateFunction',
  method: 'PATCH',
  path: '/functions/{functionId}',
  tag: 'Functions',
  summary: 'Changes a function; other code is a new version, not deployed',
  permission: 'write',
  on: { function: 'functionId' },
  audit: { type: 'Function Modified', resourceType: 'function' },
  params: Type.Object({ functionId: Id }),
  body: Type.Object({
    code: Type.Optional(FunctionCode),
    displayName: Type.Optional(FunctionName),
    ...FunctionText,
  }),
  response: Type.Object({ function: UserFunction }),
  handle: async (context, { params, body }) => {
    const row = await findFunction(context.db, params.functionId);
    const before = { function: await presentFunction(context, row) };
    const changed = await changeFunction(context, row, body);
    return {
      data: { function: await presentFunction(context, changed) },
      audited: { resourceId: row.id, resourceName: changed.display_name, before },
    };
  },
});
