import { listPage } from '../../paging/list-page.ts';
import { findProfilesWarehouse } from '../../profiles-sync/find-profiles-warehouse.ts';
import { readProfilesSync } from '../../profiles-sync/profiles-selective-sync.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { FreeObject, Id } from '../frame/schema.ts';

const SelectiveSyncItem = Type.Object({
  collection: Type.String(),
  warehouseId: Type.String(),
  enabled: Type.Boolean(),
  /** `{enabled}` by property, of those that something was said of. */
  properties: FreeObject,
});

export const listSelectiveSyncsFromWarehouseAndSpace = readOperation({
  operationId: 'listSelectiveSyncsFromWarehouseAndSpace',
  method: 'GET',
  path: '/spaces/{spaceId}/profiles-warehouses/{warehouseId}/selective-syncs',
  tag: 'Profiles Sync',
  summary: 'What of the profiles is to be loaded into a warehouse',
  permission: 'read',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  params: Type.Object({ spaceId: Id, warehouseId: Id }),
  query: PaginatedQuery,
  response: Type.Object({
    items: Type.Array(SelectiveSyncItem),
    enableEventTables: Type.Boolean(),
    pagination: PaginationOutput,
  }),
  handle: async ({ db }, { params, query }) => {
    const row = await findProfilesWarehouse(db, params.spaceId, params.warehouseId);
    const syncs = await readProfilesSync(db, row);
    const { rows, pagination } = await listPage(pageRequest(query), syncs);
    const items = rows.map(({ item: { collection, enabled, properties } }) => ({
      collection,
      warehouseId: row.id,
      enabled,
      properties: Object.fromEntries(
        Array.from(properties, ([name, enabled]) => [name, { enabled }]),
      ),
    }));
    return { items, enableEventTables: row.event_tables === 1, pagination };
  },
});
