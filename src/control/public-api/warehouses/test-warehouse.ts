import { Type } from '../../schemas/type.ts';
import { findWarehouse, warehouseKindOf } from '../../warehouses/find-warehouse.ts';
import { testWarehouseSettings } from '../../warehouses/test-settings.ts';
import { openedWarehouseSettings } from '../../warehouses/warehouse-settings.ts';
import { readOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';

export const testWarehouse = readOperation({
  operationId: 'testWarehouse',
  method: 'GET',
  path: '/warehouses/{warehouseId}/connection-test',
  tag: 'Tributary',
  summary: 'Whether a warehouse can be reached just now with its settings; else why not, in words',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  perMinute: 200,
  params: Type.Object({ warehouseId: Id }),
  response: Type.Object({
    connectionState: oneOf(['CONNECTED', 'FAILED']),
    /** Null when it is connected. */
    message: Type.Union([Type.String(), Type.Null()]),
  }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findWarehouse(db, params.warehouseId);
    const kind = warehouseKindOf(environment.catalog, row);
    const settings = openedWarehouseSettings(environment, kind, row);
    const result = await testWarehouseSettings(environment, kind, settings);
    if (result.ok) return { connectionState: 'CONNECTED' as const, message: null };
    return { connectionState: 'FAILED' as const, message: result.message };
  },
});
