import { TributaryError } from '../../../core/errors.ts';
import { configRead } from '../frame/config-operation.ts';
import { CatalogSource, catalogSource } from './catalog-source.ts';

export const getCatalogSource = configRead({
  operationId: 'configGetCatalogSource',
  method: 'GET',
  path: '/catalog/sources/{kind}',
  tag: 'Catalog',
  summary: 'One kind of source',
  permission: 'read',
  area: 'workspace',
  response: CatalogSource,
  handle: ({ environment }, { params }) => {
    const definition = environment.catalog.source(params.kind);
    if (definition !== undefined) return catalogSource(definition);
    throw new TributaryError('not_found', `Catalog source '${params.kind}' not found.`);
  },
});
