import { Type } from '../../schemas/type.ts';
import { findWarehouse, warehouseKindOf } from '../../warehouses/find-warehouse.ts';
import { testWarehouseSettings } from '../../warehouses/test-settings.ts';
import { openedWarehouseSettings } from '../../warehouses/warehouse-settings.ts';
import { readOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';

export const getConnectionStateFromWarehouse = readOperation({
  operationId: 'getConnectionStateFromWarehouse',
  method: 'GET',
  path: '/warehouses/{warehouseId}/connection-state',
  tag: 'Warehouses',
  summary: 'Whether a warehouse can be reached just now with its settings',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  perMinute: 200,
  params: Type.Object({ warehouseId: Id }),
  response: Type.Object({ connectionState: oneOf(['CONNECTED', 'FAILED']) }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findWarehouse(db, params.warehouseId);
    const kind = warehouseKindOf(environment.catalog, row);
    const settings = openedWarehouseSettings(environment, kind, row);
    const result = await testWarehouseSettings(environment, kind, settings);
    const connectionState = result.ok ? ('CONNECTED' as const) : ('FAILED' as const);
    return { connectionState };
  },
});
