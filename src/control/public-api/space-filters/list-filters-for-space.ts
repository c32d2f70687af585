import { Type } from '../../schemas/type.ts';
import { findSpace } from '../../spaces/find-space.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { SpaceFilter } from '../models/space-filter.ts';
import { presentSpaceFilter } from './present-space-filter.ts';

const mostFilters = 10;

/** Its pages are numbered as no other list's: cursors are numbers, and the last page has no next (spec public-api §4). */
export const listFiltersForSpace = readOperation({
  operationId: 'listFiltersForSpace',
  method: 'GET',
  path: '/filters',
  tag: 'Space Filters',
  summary: 'The filters of a space, oldest first',
  permission: 'read',
  on: { space: 'integrationId' },
  tiers: ['v1beta', 'v1alpha'],
  query: Type.Object({
    integrationId: Id,
    pagination: Type.Optional(
      Type.Object({
        count: Type.Integer({ minimum: 1, maximum: mostFilters }),
        cursor: Type.Optional(Type.Integer({ minimum: 0 })),
      }),
    ),
  }),
  response: Type.Object({
    filters: Type.Array(SpaceFilter),
    pagination: Type.Object({
      current: Type.Integer(),
      next: Type.Optional(Type.Integer()),
      totalEntries: Type.Integer(),
    }),
  }),
  handle: async ({ db, environment }, { query }) => {
    const space = await findSpace(db, query.integrationId);
    const { count = mostFilters, cursor = 0 } = query.pagination ?? {};
    const all = db.selectFrom('space_filter').where('space_id', '=', space.id);
    const found = await all
      .selectAll()
      .where('position', '>', cursor)
      .orderBy('position')
      .limit(count + 1)
      .execute();
    const rows = found.slice(0, count);
    const last = rows.at(-1);
    const { total } = await all
      .select(({ fn }) => fn.countAll().as('total'))
      .executeTakeFirstOrThrow();
    return {
      filters: rows.map((row) => presentSpaceFilter(environment, row)),
      pagination: {
        current: cursor,
        ...(found.length > count && last !== undefined && { next: Number(last.position) }),
        totalEntries: Number(total),
      },
    };
  },
});
