import { findFunction } from '../../functions/find-function.ts';
import { addVersion } from '../../functions/versions/add-version.ts';
import { findVersion } from '../../functions/versions/find-version.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { FunctionVersion } from '../models/function.ts';
import { presentVersion } from './present-version.ts';

export const restoreFunctionVersion = writeOperation({
  operationId: 'restoreFunctionVersion',
  method: 'POST',
  path: '/functions/{functionId}/versions',
  tag: 'Functions',
  summary: 'Makes a copy of a version the latest one, not deployed',
  permission: 'write',
  on: { function: 'functionId' },
  tiers: ['v1alpha'],
  audit: { type: 'Function Modified', resourceType: 'function' },
  params: Type.Object({ functionId: Id }),
  body: Type.Object({ versionId: Id }),
  response: Type.Object({ version: FunctionVersion }),
  handle: async (context, { params, body }) => {
    const row = await findFunction(context.db, params.functionId);
    const { code } = await findVersion(context.db, row.id, body.versionId);
    const id = await addVersion(context, row.id, code);
    return {
      data: { version: presentVersion(await findVersion(context.db, row.id, id)) },
      audited: { resourceId: row.id, resourceName: row.display_name },
    };
  },
});
