import { TributaryError } from '../../../core/errors.ts';
import { configRead } from '../frame/config-operation.ts';
import { CatalogDestination, catalogDestination } from './catalog-destination.ts';

export const getCatalogDestination = configRead({
  operationId: 'configGetCatalogDestination',
  method: 'GET',
  path: '/catalog/destinations/{kind}',
  tag: 'Catalog',
  summary: 'One kind of destination',
  permission: 'read',
  area: 'workspace',
  response: CatalogDestination,
  handle: ({ environment }, { params }) => {
    const definition = environment.catalog.destination(params.kind);
    if (definition !== undefined) return catalogDestination(definition);
    throw new TributaryError('not_found', `Catalog destination '${params.kind}' not found.`);
  },
});
