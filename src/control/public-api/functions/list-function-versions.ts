import { findFunction } from '../../functions/find-function.ts';
import { versionPage } from '../../functions/versions/version-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { FunctionVersion } from '../models/function.ts';
import { presentVersion } from './present-version.ts';

export const listFunctionVersions = readOperation({
  operationId: 'listFunctionVersions',
  method: 'GET',
  path: '/functions/{functionId}/versions',
  tag: 'Functions',
  summary: 'The versions of a function, oldest first',
  permission: 'read',
  on: { function: 'functionId' },
  tiers: ['v1alpha'],
  params: Type.Object({ functionId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ versions: Type.Array(FunctionVersion), pagination: PaginationOutput }),
  handle: async (context, { params, query }) => {
    const { id } = await findFunction(context.db, params.functionId);
    const { rows, pagination } = await versionPage(context, pageRequest(query), id);
    return { versions: rows.map(presentVersion), pagination };
  },
});
