import { findFunction } from '../../functions/find-function.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { UserFunction } from '../models/function.ts';
import { presentFunction } from './present-function.ts';

export const getFunction = readOperation({
  operationId: 'getFunction',
  method: 'GET',
  path: '/functions/{functionId}',
  tag: 'Functions',
  summary: 'One function with its latest code',
  permission: 'read',
  on: { function: 'functionId' },
  params: Type.Object({ functionId: Id }),
  response: Type.Object({ function: UserFunction }),
  handle: async (context, { params }) => {
    const row = await findFunction(context.db, params.functionId);
    return { function: await presentFunction(context, row) };
  },
});
