import { Type } from '../../schemas/type.ts';
import { findTransformation } from '../../transformations/find-transformation.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Transformation } from '../models/transformation.ts';
import { presentTransformation } from './present-transformation.ts';

export const getTransformation = readOperation({
  operationId: 'getTransformation',
  method: 'GET',
  path: '/transformations/{transformationId}',
  tag: 'Transformations',
  summary: 'One transformation',
  permission: 'read',
  on: 'tracking-plan',
  params: Type.Object({ transformationId: Id }),
  response: Type.Object({ transformation: Transformation }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findTransformation(db, params.transformationId);
    return { transformation: presentTransformation(environment, row) };
  },
});
