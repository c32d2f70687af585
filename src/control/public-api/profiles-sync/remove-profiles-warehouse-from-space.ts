import { findProfilesWarehouse } from '../../profiles-sync/find-profiles-warehouse.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentProfilesWarehouse } from './present-profiles-warehouse.ts';

export const removeProfilesWarehouseFromSpace = writeOperation({
  operationId: 'removeProfilesWarehouseFromSpace',
  method: 'DELETE',
  path: '/spaces/{spaceId}/profiles-warehouses/{warehouseId}',
  tag: 'Profiles Sync',
  summary: 'Takes a warehouse off a space; what is in it stays there',
  permission: 'write',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Profiles Sync Warehouse Deleted', resourceType: 'profiles-warehouse' },
  params: Type.Object({ spaceId: Id, warehouseId: Id }),
  response: StatusOutput,
  handle: async ({ db, environment }, { params }) => {
    const row = await findProfilesWarehouse(db, params.spaceId, params.warehouseId);
    const before = presentProfilesWarehouse(environment, row);
    await db.deleteFrom('profiles_warehouse').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? before.metadata.name,
        before: { profilesWarehouse: before },
      },
    };
  },
});
