import { findFunction } from '../../functions/find-function.ts';
import { findInstance } from '../../functions/instances/find-instance.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentInstance } from './present-instance.ts';

export const deleteInsertFunctionInstance = writeOperation({
  operationId: 'deleteInsertFunctionInstance',
  method: 'DELETE',
  path: '/insert-function-instances/{instanceId}',
  tag: 'Functions',
  summary: 'Takes an insert function from its source or destination',
  permission: 'write',
  on: { instance: 'instanceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Insert Function Instance Deleted', resourceType: 'insert-function-instance' },
  params: Type.Object({ instanceId: Id }),
  response: StatusOutput,
  handle: async ({ db, environment }, { params }) => {
    const row = await findInstance(db, params.instanceId);
    const of = await findFunction(db, row.function_id);
    await db.deleteFrom('function_instance').where('id', '=', row.id).execute();
    const before = { insertFunctionInstance: presentInstance(environment, of, row) };
    return { data: success, audited: { resourceId: row.id, resourceName: row.name, before } };
  },
});
