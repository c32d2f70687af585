import { findFunction } from '../../functions/find-function.ts';
import { findVersion } from '../../functions/versions/find-version.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { FunctionVersion } from '../models/function.ts';
import { presentVersion } from './present-version.ts';

export const getFunctionVersion = readOperation({
  operationId: 'getFunctionVersion',
  method: 'GET',
  path: '/functions/{functionId}/versions/{versionId}',
  tag: 'Functions',
  summary: 'One version of a function',
  permission: 'read',
  on: { function: 'functionId' },
  tiers: ['v1alpha'],
  params: Type.Object({ functionId: Id, versionId: Id }),
  response: Type.Object({ version: FunctionVersion }),
  handle: async ({ db }, { params }) => {
    const { id } = await findFunction(db, params.functionId);
    return { version: presentVersion(await findVersion(db, id, params.versionId)) };
  },
});
