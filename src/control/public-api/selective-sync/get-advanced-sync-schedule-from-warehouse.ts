import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { syncSchedule } from '../../warehouses/sync-schedule.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { presentSyncSchedule, SyncScheduleOutput } from './sync-schedule.ts';

export const getAdvancedSyncScheduleFromWarehouse = readOperation({
  operationId: 'getAdvancedSyncScheduleFromWarehouse',
  method: 'GET',
  path: '/warehouses/{warehouseId}/advanced-sync-schedule',
  tag: 'Selective Sync',
  summary: 'The hours at which a warehouse is loaded; not enabled: the default of its kind holds',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  perMinute: 2,
  params: Type.Object({ warehouseId: Id }),
  response: SyncScheduleOutput,
  handle: async ({ db }, { params }) =>
    presentSyncSchedule(syncSchedule(await findWarehouse(db, params.warehouseId))),
});
