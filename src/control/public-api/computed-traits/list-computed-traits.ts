import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { findSpace } from '../../spaces/find-space.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { ComputedTrait } from '../models/computed-trait.ts';
import { presentComputedTrait } from './present-computed-trait.ts';

export const listComputedTraits = readOperation({
  operationId: 'listComputedTraits',
  method: 'GET',
  path: '/spaces/{spaceId}/computed-traits',
  tag: 'Computed Traits',
  summary: 'The computed traits of a space, oldest first',
  permission: 'read',
  on: { space: 'spaceId' },
  perMinute: 25,
  tiers: ['v1alpha'],
  params: Type.Object({ spaceId: Id }),
  query: PaginatedQuery,
  response: Type.Object({
    computedTraits: Type.Array(ComputedTrait),
    pagination: PaginationOutput,
  }),
  handle: async ({ db }, { params, query }) => {
    const { id } = await findSpace(db, params.spaceId);
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db.selectFrom('computed_trait').selectAll().where('space_id', '=', id),
    );
    return { computedTraits: rows.map(presentComputedTrait), pagination };
  },
});
