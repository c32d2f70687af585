import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { CatalogSource, catalogSource } from './catalog-source.ts';

export const listCatalogSources = configRead({
  operationId: 'configListCatalogSources',
  method: 'GET',
  path: '/catalog/sources',
  tag: 'Catalog',
  summary: 'The kinds of sources that can be made here',
  permission: 'read',
  area: 'workspace',
  query: PageQuery,
  response: Type.Object({ sources: Type.Array(CatalogSource), ...pageOutput }),
  handle: async ({ environment }, { query }) => {
    const page = await listPage(configPage(query), environment.catalog.sources);
    return {
      sources: page.rows.map(({ item }) => catalogSource(item)),
      ...pageToken(page.pagination),
    };
  },
});
