import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { Warehouse } from '../models/warehouse.ts';
import { presentWarehouse } from './present-warehouse.ts';

export const getWarehouse = readOperation({
  operationId: 'getWarehouse',
  method: 'GET',
  path: '/warehouses/{warehouseId}',
  tag: 'Warehouses',
  summary: 'One warehouse, without its secrets',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  params: Type.Object({ warehouseId: Id }),
  response: Type.Object({ warehouse: Warehouse }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findWarehouse(db, params.warehouseId);
    return { warehouse: presentWarehouse(environment, row) };
  },
});
