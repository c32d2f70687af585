import { makeFunction } from '../../functions/make-function.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import {
  FunctionCode,
  FunctionName,
  FunctionText,
  FunctionType,
  UserFunction,
} from '../models/function.ts';
import { presentFunction } from './present-function.ts';

export const createFunction = writeOperation({
  operationId: 'createFunction',
  method: 'POST',
  path: '/functions',
  tag: 'Functions',
  summary: 'Makes a function; its code is saved and not deployed',
  permission: 'write',
  on: 'function',
  audit: { type: 'Function Created', resourceType: 'function' },
  body: Type.Object({
    resourceType: FunctionType,
    code: FunctionCode,
    displayName: Type.Optional(FunctionName),
    ...FunctionText,
  }),
  response: Type.Object({ function: UserFunction }),
  handle: async (context, { body }) => {
    const { displayName = 'Untitled function' } = body;
    const row = await makeFunction(context, { ...body, displayName });
    return {
      data: { function: await presentFunction(context, row) },
      audited: { resourceId: row.id, resourceName: row.display_name },
    };
  },
});
