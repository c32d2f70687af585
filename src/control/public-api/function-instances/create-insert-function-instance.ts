import { findFunction } from '../../functions/find-function.ts';
import { makeInstance } from '../../functions/instances/make-instance.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { FunctionInstance, FunctionName } from '../models/function.ts';
import { presentInstance } from './present-instance.ts';

export const createInsertFunctionInstance = writeOperation({
  operationId: 'createInsertFunctionInstance',
  method: 'POST',
  path: '/insert-function-instances',
  tag: 'Functions',
  summary: 'Puts an insert function in front of a source or destination',
  permission: 'write',
  on: { function: 'functionId' },
  tiers: ['v1alpha'],
  audit: { type: 'Insert Function Instance Created', resourceType: 'insert-function-instance' },
  body: Type.Object({
    functionId: Id,
    integrationId: Id,
    enabled: Type.Optional(Type.Boolean()),
    name: FunctionName,
    settings: FreeObject,
  }),
  response: Type.Object({ insertFunctionInstance: FunctionInstance }),
  handle: async (context, { body }) => {
    const of = await findFunction(context.db, body.functionId);
    const row = await makeInstance(context, of, body);
    return {
      data: { insertFunctionInstance: presentInstance(context.environment, of, row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
