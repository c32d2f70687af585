import { changeProfilesWarehouse } from '../../profiles-sync/change-profiles-warehouse.ts';
import { findProfilesWarehouse } from '../../profiles-sync/find-profiles-warehouse.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id } from '../frame/schema.ts';
import { ProfilesWarehouse } from '../models/profiles-warehouse.ts';
import { presentProfilesWarehouse } from './present-profiles-warehouse.ts';

export const updateProfilesWarehouseForSpaceWarehouse = writeOperation({
  operationId: 'updateProfilesWarehouseForSpaceWarehouse',
  method: 'PATCH',
  path: '/spaces/{spaceId}/profiles-warehouses/{warehouseId}',
  tag: 'Profiles Sync',
  summary: 'Changes a warehouse of a space; settings are merged, secrets that are not given stay',
  permission: 'write',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Profiles Sync Warehouse Updated', resourceType: 'profiles-warehouse' },
  params: Type.Object({ spaceId: Id, warehouseId: Id }),
  body: Type.Object({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
    schemaName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  }),
  response: Type.Object({ profilesWarehouse: ProfilesWarehouse }),
  handle: async (context, { params, body }) => {
    const { db, environment } = context;
    const row = await findProfilesWarehouse(db, params.spaceId, params.warehouseId);
    const before = presentProfilesWarehouse(environment, row);
    const changed = await changeProfilesWarehouse(context, row, body);
    return {
      data: { profilesWarehouse: presentProfilesWarehouse(environment, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name ?? before.metadata.name,
        before: { profilesWarehouse: before },
      },
    };
  },
});
