import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { WarehouseSchedule } from '../models/warehouse-schedule.ts';
import { presentWarehouseSchedule } from './warehouse-schedule.ts';

export const getSyncScheduleFromWarehouse = readOperation({
  operationId: 'getSyncScheduleFromWarehouse',
  method: 'GET',
  path: '/warehouses/{warehouseId}/sync-schedule',
  tag: 'Tributary',
  summary: 'When a warehouse is loaded, and when next',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  params: Type.Object({ warehouseId: Id }),
  response: WarehouseSchedule,
  handle: async (context, { params }) =>
    presentWarehouseSchedule(context, await findWarehouse(context.db, params.warehouseId)),
});
