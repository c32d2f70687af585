import { findProfilesWarehouse } from '../../profiles-sync/find-profiles-warehouse.ts';
import { changeProfilesSync } from '../../profiles-sync/profiles-selective-sync.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';

export const updateSelectiveSyncForWarehouseAndSpace = writeOperation({
  operationId: 'updateSelectiveSyncForWarehouseAndSpace',
  method: 'PATCH',
  path: '/spaces/{spaceId}/profiles-warehouses/{warehouseId}/selective-syncs',
  tag: 'Profiles Sync',
  summary:
    'Says what of the profiles is to be loaded into a warehouse; what is not mentioned stays',
  permission: 'write',
  on: { space: 'spaceId' },
  tiers: ['v1alpha'],
  audit: { type: 'Profiles Sync Warehouse Modified', resourceType: 'profiles-warehouse' },
  params: Type.Object({ spaceId: Id, warehouseId: Id }),
  body: Type.Object({
    syncOverrides: Type.Optional(
      Type.Array(
        Type.Object({
          collection: Id,
          enabled: Type.Boolean(),
          property: Type.Optional(Id),
        }),
        { maxItems: 1_000 },
      ),
    ),
    enableEventTables: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ status: oneOf(['UPDATED', 'UNCHANGED']) }),
  handle: async (context, { params, body }) => {
    const { syncOverrides: overrides = [], enableEventTables: eventTables } = body;
    const row = await findProfilesWarehouse(context.db, params.spaceId, params.warehouseId);
    const changed = await changeProfilesSync(context, row, {
      overrides,
      ...(eventTables !== undefined && { eventTables }),
    });
    return {
      data: { status: changed ? ('UPDATED' as const) : ('UNCHANGED' as const) },
      audited: { resourceId: row.id, resourceName: row.name ?? row.id, after: body },
    };
  },
});
