import { findFunction } from '../../functions/find-function.ts';
import { findInstance } from '../../functions/instances/find-instance.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { FunctionInstance } from '../models/function.ts';
import { presentInstance } from './present-instance.ts';

export const getInsertFunctionInstance = readOperation({
  operationId: 'getInsertFunctionInstance',
  method: 'GET',
  path: '/insert-function-instances/{instanceId}',
  tag: 'Functions',
  summary: 'One instance of an insert function',
  permission: 'read',
  on: { instance: 'instanceId' },
  tiers: ['v1alpha'],
  params: Type.Object({ instanceId: Id }),
  response: Type.Object({ insertFunctionInstance: FunctionInstance }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findInstance(db, params.instanceId);
    const of = await findFunction(db, row.function_id);
    return { insertFunctionInstance: presentInstance(environment, of, row) };
  },
});
