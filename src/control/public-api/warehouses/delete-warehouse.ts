import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentWarehouses } from './present-warehouse.ts';

export const deleteWarehouse = writeOperation({
  operationId: 'deleteWarehouse',
  method: 'DELETE',
  path: '/warehouses/{warehouseId}',
  tag: 'Warehouses',
  summary: 'Deletes a warehouse here; what was loaded stays in it',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  audit: { type: 'Storage Destination Deleted', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id }),
  response: StatusOutput,
  handle: async ({ db, environment }, { params }) => {
    const row = await findWarehouse(db, params.warehouseId);
    const [before] = presentWarehouses(environment, [row]);
    await db.deleteFrom('warehouse').where('id', '=', row.id).execute();
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? row.id,
        ...(before && { before: { warehouse: before } }),
      },
    };
  },
});
