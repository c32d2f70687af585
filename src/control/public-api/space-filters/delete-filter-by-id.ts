import { Type } from '../../schemas/type.ts';
import { findSpaceFilter } from '../../space-filters/find-space-filter.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentSpaceFilter, spaceFilterNotice } from './present-space-filter.ts';

export const deleteFilterById = writeOperation({
  operationId: 'deleteFilterById',
  method: 'DELETE',
  path: '/filters/{id}',
  tag: 'Space Filters',
  summary: 'Deletes a filter of a space',
  notice: spaceFilterNotice,
  permission: 'write',
  on: { spaceFilter: 'id' },
  tiers: ['v1beta', 'v1alpha'],
  audit: { type: 'Filter Deleted', resourceType: 'space-filter' },
  params: Type.Object({ id: Id }),
  response: Type.Object({ deleted: Type.Boolean() }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findSpaceFilter(db, params.id);
    await db.deleteFrom('space_filter').where('id', '=', row.id).execute();
    return {
      data: { deleted: true },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { filter: presentSpaceFilter(environment, row) },
      },
    };
  },
});
