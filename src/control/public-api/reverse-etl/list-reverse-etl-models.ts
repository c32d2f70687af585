import { modelPage } from '../../reverse-etl/model-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { presentModel, ReverseEtlModel } from '../models/reverse-etl.ts';

export const listReverseEtlModels = readOperation({
  operationId: 'listReverseEtlModels',
  method: 'GET',
  path: '/reverse-etl-models',
  tag: 'Reverse ETL',
  summary: 'All models of reverse ETL, oldest first',
  permission: 'read',
  on: 'entity',
  tiers: ['v1alpha'],
  query: PaginatedQuery,
  response: Type.Object({ models: Type.Array(ReverseEtlModel), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await modelPage(context, pageRequest(query));
    return { models: rows.map(presentModel), pagination };
  },
});
