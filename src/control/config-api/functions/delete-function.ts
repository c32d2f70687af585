import { findFunction } from '../../functions/find-function.ts';
import { removeFunction } from '../../functions/remove-function.ts';
import { presentFunction } from '../../public-api/functions/present-function.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';

export const deleteFunction = configWrite({
  operationId: 'configDeleteFunction',
  method: 'DELETE',
  path: '/workspaces/{workspace}/functions/{function}',
  tag: 'Functions',
  summary: 'Deletes a function that has no instances',
  permission: 'write',
  area: 'function',
  audit: { type: 'Function Deleted', resourceType: 'function' },
  response: Nothing,
  handle: async (context, { params }) => {
    const row = await findFunction(context.db, params.function);
    const before = { function: await presentFunction(context, row) };
    await removeFunction(context, row);
    return {
      data: nothing,
      audited: { resourceId: row.id, resourceName: row.display_name, before },
    };
  },
});
