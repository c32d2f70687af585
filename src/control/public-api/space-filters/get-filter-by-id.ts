import { Type } from '../../schemas/type.ts';
import { findSpaceFilter } from '../../space-filters/find-space-filter.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { SpaceFilter } from '../models/space-filter.ts';
import { presentSpaceFilter } from './present-space-filter.ts';

export const getFilterById = readOperation({
  operationId: 'getFilterById',
  method: 'GET',
  path: '/filters/{id}',
  tag: 'Space Filters',
  summary: 'One filter of a space',
  permission: 'read',
  on: { spaceFilter: 'id' },
  tiers: ['v1beta', 'v1alpha'],
  params: Type.Object({ id: Id }),
  response: Type.Object({ filter: SpaceFilter }),
  handle: async ({ db, environment }, { params }) => ({
    filter: presentSpaceFilter(environment, await findSpaceFilter(db, params.id)),
  }),
});
