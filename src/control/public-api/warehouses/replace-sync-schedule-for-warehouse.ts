import { readSchedule } from '../../configuration/read-schedule.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { replaceSyncPlan } from '../../warehouses/sync-schedule.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { checkedSchedule } from '../models/schedule.ts';
import { WarehouseSchedule, WarehouseScheduleInput } from '../models/warehouse-schedule.ts';
import { presentWarehouseSchedule } from './warehouse-schedule.ts';

export const replaceSyncScheduleForWarehouse = writeOperation({
  operationId: 'replaceSyncScheduleForWarehouse',
  method: 'PUT',
  path: '/warehouses/{warehouseId}/sync-schedule',
  tag: 'Tributary',
  summary:
    'Says when a warehouse is loaded: every so often, by cron or hours in a time zone, or when somebody asks',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  audit: { type: 'Storage Destination Modified', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id }),
  body: Type.Object({ schedule: WarehouseScheduleInput }),
  response: WarehouseSchedule,
  handle: async (context, { params, body }) => {
    const row = await findWarehouse(context.db, params.warehouseId);
    const before = await presentWarehouseSchedule(context, row);
    await replaceSyncPlan(context, row, await planOf(body.schedule));
    const changed = await findWarehouse(context.db, row.id);
    return {
      data: await presentWarehouseSchedule(context, changed),
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? row.id,
        before: { schedule: before.schedule },
      },
    };
  },
});

async function planOf({ strategy, config = null }: Static<typeof WarehouseScheduleInput>) {
  if (strategy === 'DEFAULT') return undefined;
  if (strategy === 'MANUAL') return { strategy };
  return readSchedule(await checkedSchedule('schedule', { strategy, config }));
}
