import { findFunction } from '../../functions/find-function.ts';
import { deployFunction } from '../../functions/versions/deploy-function.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentVersion } from './present-version.ts';

export const createFunctionDeployment = writeOperation({
  operationId: 'createFunctionDeployment',
  method: 'POST',
  path: '/functions/{functionId}/deploy',
  tag: 'Functions',
  summary: 'Marks the latest version of a function as the deployed one',
  permission: 'write',
  on: { function: 'functionId' },
  audit: { type: 'Function Deployed', resourceType: 'function' },
  params: Type.Object({ functionId: Id }),
  response: Type.Object({ functionDeployment: StatusOutput }),
  handle: async (context, { params }) => {
    const row = await findFunction(context.db, params.functionId);
    const after = { version: presentVersion(await deployFunction(context, row)) };
    return {
      data: { functionDeployment: success },
      audited: { resourceId: row.id, resourceName: row.display_name, after },
    };
  },
});
