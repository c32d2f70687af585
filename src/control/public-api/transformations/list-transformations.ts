import { Type } from '../../schemas/type.ts';
import { transformationPage } from '../../transformations/transformation-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Transformation } from '../models/transformation.ts';
import { presentTransformation } from './present-transformation.ts';

export const listTransformations = readOperation({
  operationId: 'listTransformations',
  method: 'GET',
  path: '/transformations',
  tag: 'Transformations',
  summary: 'The transformations, oldest first',
  permission: 'read',
  on: 'tracking-plan',
  query: PaginatedQuery,
  response: Type.Object({
    transformations: Type.Array(Transformation),
    pagination: PaginationOutput,
  }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await transformationPage(context, pageRequest(query));
    const transformations = rows.map((row) => presentTransformation(context.environment, row));
    return { transformations, pagination };
  },
});
