import { visibleIds } from '../../access/visible-ids.ts';
import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Space } from '../models/space.ts';

export const listSpaces = readOperation({
  operationId: 'listSpaces',
  method: 'GET',
  path: '/spaces',
  tag: 'Spaces',
  summary: 'The spaces of the workspace',
  permission: 'read',
  on: 'space',
  tiers: ['v1alpha'],
  query: PaginatedQuery,
  response: Type.Object({ spaces: Type.Array(Space), pagination: PaginationOutput }),
  handle: async ({ db, principal }, { query }) => {
    const visible = await visibleIds(db, principal, 'space', 'SPACE');
    const every = db.selectFrom('space').select(['id', 'slug', 'name']).orderBy('created_at');
    const spaces = (await every.orderBy('id').execute()).filter(
      ({ id }) => visible === undefined || visible.includes(id),
    );
    const { rows, pagination } = await listPage(pageRequest(query), spaces);
    return { spaces: rows.map(({ item }) => item), pagination };
  },
});
