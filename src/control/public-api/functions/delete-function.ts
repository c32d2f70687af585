import { findFunction } from '../../functions/find-function.ts';
import { removeFunction } from '../../functions/remove-function.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentFunction } from './present-function.ts';

export const deleteFunction = writeOperation({
  operationId: 'deleteFunction',
  method: 'DELETE',
  path: '/functions/{functionId}',
  tag: 'Functions',
  summary: 'Deletes a function that has no instances',
  permission: 'write',
  on: { function: 'functionId' },
  audit: { type: 'Function Deleted', resourceType: 'function' },
  params: Type.Object({ functionId: Id }),
  response: StatusOutput,
  handle: async (context, { params }) => {
    const row = await findFunction(context.db, params.functionId);
    const before = { function: await presentFunction(context, row) };
    await removeFunction(context, row);
    return {
      data: success,
      audited: { resourceId: row.id, resourceName: row.display_name, before },
    };
  },
});
