import { Type } from '../../schemas/type.ts';
import { sourcePage } from '../../sources/source-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Source } from '../models/source.ts';
import { presentSources } from './present-source.ts';

export const listSources = readOperation({
  operationId: 'listSources',
  method: 'GET',
  path: '/sources',
  tag: 'Sources',
  summary: 'All sources, oldest first',
  permission: 'read',
  on: 'source',
  query: PaginatedQuery,
  response: Type.Object({ sources: Type.Array(Source), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await sourcePage(context, pageRequest(query));
    return { sources: await presentSources(context, rows), pagination };
  },
});
