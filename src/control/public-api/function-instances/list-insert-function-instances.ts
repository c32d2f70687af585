import { findFunction } from '../../functions/find-function.ts';
import { instancePage } from '../../functions/instances/instance-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { FunctionInstance } from '../models/function.ts';
import { presentInstance } from './present-instance.ts';

export const listInsertFunctionInstances = readOperation({
  operationId: 'listInsertFunctionInstances',
  method: 'GET',
  path: '/insert-function-instances',
  tag: 'Functions',
  summary: 'The instances of an insert function, oldest first',
  permission: 'read',
  on: { function: 'functionId' },
  tiers: ['v1alpha'],
  query: Type.Object({ functionId: Id, pagination: Type.Optional(PaginationInput) }),
  response: Type.Object({ instances: Type.Array(FunctionInstance), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    const of = await findFunction(context.db, query.functionId);
    const { rows, pagination } = await instancePage(context, pageRequest(query), of.id);
    const instances = rows.map((row) => presentInstance(context.environment, of, row));
    return { instances, pagination };
  },
});
