import { Type } from '../../schemas/type.ts';
import { changeWarehouse, warehouseChangeType } from '../../warehouses/change-warehouse.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject, Id, nullable } from '../frame/schema.ts';
import { Warehouse } from '../models/warehouse.ts';
import { presentWarehouse } from './present-warehouse.ts';

export const updateWarehouse = writeOperation({
  operationId: 'updateWarehouse',
  method: 'PATCH',
  path: '/warehouses/{warehouseId}',
  tag: 'Warehouses',
  summary: 'Changes a warehouse; settings are merged, secrets that are not given stay',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  audit: { type: 'Storage Destination Modified', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id }),
  body: Type.Object({
    name: Type.Optional(nullable('string')),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
  }),
  response: Type.Object({ warehouse: Warehouse }),
  handle: async (context, { params, body }) => {
    const { db, environment } = context;
    const row = await findWarehouse(db, params.warehouseId);
    const before = presentWarehouse(environment, row);
    const changed = await changeWarehouse(context, row, body);
    return {
      data: { warehouse: presentWarehouse(environment, changed) },
      audited: {
        resourceId: row.id,
        resourceName: changed.name ?? before.metadata.name,
        type: warehouseChangeType(row, body),
        before: { warehouse: before },
      },
    };
  },
});
