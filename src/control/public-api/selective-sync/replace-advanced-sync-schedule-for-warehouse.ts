import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { replaceSyncHours, syncSchedule } from '../../warehouses/sync-schedule.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentSyncSchedule, SyncScheduleInput, SyncScheduleOutput } from './sync-schedule.ts';

export const replaceAdvancedSyncScheduleForWarehouse = writeOperation({
  operationId: 'replaceAdvancedSyncScheduleForWarehouse',
  method: 'PUT',
  path: '/warehouses/{warehouseId}/advanced-sync-schedule',
  tag: 'Selective Sync',
  summary: 'Sets the hours at which a warehouse is loaded',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  perMinute: 2,
  audit: { type: 'Storage Destination Modified', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id }),
  body: SyncScheduleInput,
  response: SyncScheduleOutput,
  handle: async (context, { params, body }) => {
    const row = await findWarehouse(context.db, params.warehouseId);
    const before = presentSyncSchedule(syncSchedule(row));
    const set = await replaceSyncHours(context, row, body.enabled, body.schedule);
    return {
      data: presentSyncSchedule(set),
      audited: { resourceId: row.id, resourceName: row.name ?? row.id, before },
    };
  },
});
