import { functionPage } from '../../functions/function-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { FunctionItem, FunctionType } from '../models/function.ts';
import { presentFunctionItem } from './present-function.ts';

export const listFunctions = readOperation({
  operationId: 'listFunctions',
  method: 'GET',
  path: '/functions',
  tag: 'Functions',
  summary: 'The functions, of one type or of all, oldest first, without their code',
  permission: 'read',
  on: 'function',
  query: Type.Object({
    resourceType: Type.Optional(FunctionType),
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({ functions: Type.Array(FunctionItem), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await functionPage(
      context,
      pageRequest(query),
      query.resourceType,
    );
    return { functions: rows.map((row) => presentFunctionItem(context, row)), pagination };
  },
});
