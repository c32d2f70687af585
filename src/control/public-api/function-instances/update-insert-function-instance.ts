import { findFunction } from '../../functions/find-function.ts';
import { changeInstance } from '../../functions/instances/change-instance.ts';
import { findInstance } from '../../functions/instances/find-instance.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { FunctionInstance, FunctionName } from '../models/function.ts';
import { presentInstance } from './present-instance.ts';

export const updateInsertFunctionInstance = writeOperation({
  operationId: 'updateInsertFunctionInstance',
  method: 'PATCH',
  path: '/insert-function-instances/{instanceId}',
  tag: 'Functions',
  summary: 'Changes an instance; settings are merged, masked secrets stay',
  permission: 'write',
  on: { instance: 'instanceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Insert Function Instance Modified', resourceType: 'insert-function-instance' },
  params: Type.Object({ instanceId: Id }),
  body: Type.Object({
    enabled: Type.Optional(Type.Boolean()),
    name: Type.Optional(FunctionName),
    settings: FreeObject,
  }),
  response: Type.Object({ insertFunctionInstance: FunctionInstance }),
  handle: async (context, { params, body }) => {
    const { db, environment } = context;
    const row = await findInstance(db, params.instanceId);
    const of = await findFunction(db, row.function_id);
    const changed = await changeInstance(context, of, row, body);
    return {
      data: { insertFunctionInstance: presentInstance(environment, of, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name,
        before: { insertFunctionInstance: presentInstance(environment, of, row) },
      },
    };
  },
});
