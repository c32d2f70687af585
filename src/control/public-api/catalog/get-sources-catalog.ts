import { sourceMetadata } from '../../catalog/source-metadata.ts';
import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { SourceMetadata } from '../models/source.ts';

export const getSourcesCatalog = readOperation({
  operationId: 'getSourcesCatalog',
  method: 'GET',
  path: '/catalog/sources',
  tag: 'Catalog',
  summary: 'The kinds of sources that can be made here',
  permission: 'read',
  on: 'workspace',
  query: PaginatedQuery,
  response: Type.Object({
    sourcesCatalog: Type.Array(SourceMetadata),
    pagination: PaginationOutput,
  }),
  handle: async ({ environment }, { query }) => {
    const page = await listPage(pageRequest(query), environment.catalog.sources);
    return {
      sourcesCatalog: page.rows.map(({ item }) => sourceMetadata(item)),
      pagination: page.pagination,
    };
  },
});
