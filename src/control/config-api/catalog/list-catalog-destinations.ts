import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { CatalogDestination, catalogDestination } from './catalog-destination.ts';

export const listCatalogDestinations = configRead({
  operationId: 'configListCatalogDestinations',
  method: 'GET',
  path: '/catalog/destinations',
  tag: 'Catalog',
  summary: 'The kinds of destinations that can be made here',
  permission: 'read',
  area: 'workspace',
  query: PageQuery,
  response: Type.Object({ destinations: Type.Array(CatalogDestination), ...pageOutput }),
  handle: async ({ environment }, { query }) => {
    const page = await listPage(configPage(query), environment.catalog.destinations);
    return {
      destinations: page.rows.map(({ item }) => catalogDestination(item)),
      ...pageToken(page.pagination),
    };
  },
});
