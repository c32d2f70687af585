import { tablePage } from '../../paging/table-page.ts';
import { Type } from '../../schemas/type.ts';
import { findSpace } from '../../spaces/find-space.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { ProfilesWarehouse } from '../models/profiles-warehouse.ts';
import { presentProfilesWarehouse } from './present-profiles-warehouse.ts';

export const listProfilesWarehouseInSpace = readOperation({
  operationId: 'listProfilesWarehouseInSpace',
  method: 'GET',
  path: '/spaces/{spaceId}/profiles-warehouses',
  tag: 'Profiles Sync',
  summary: 'The warehouses for the profiles of a space, oldest first',
  permission: 'read',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  params: Type.Object({ spaceId: Id }),
  query: PaginatedQuery,
  response: Type.Object({
    profilesWarehouses: Type.Array(ProfilesWarehouse),
    pagination: PaginationOutput,
  }),
  handle: async ({ db, environment }, { params, query }) => {
    const { id } = await findSpace(db, params.spaceId);
    const { rows, pagination } = await tablePage(
      pageRequest(query),
      db.selectFrom('profiles_warehouse').selectAll().where('space_id', '=', id),
    );
    const known = rows.filter((row) => environment.catalog.warehouse(row.metadata_id));
    return {
      profilesWarehouses: known.map((row) => presentProfilesWarehouse(environment, row)),
      pagination,
    };
  },
});
