import { requireAccess } from '../../access/require-access.ts';
import { Type } from '../../schemas/type.ts';
import { disconnectSource } from '../../warehouses/connect-source.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';

export const removeSourceConnectionFromWarehouse = writeOperation({
  operationId: 'removeSourceConnectionFromWarehouse',
  method: 'DELETE',
  path: '/warehouses/{warehouseId}/connected-sources/{sourceId}',
  tag: 'Warehouses',
  summary: 'Loads a source into a warehouse no longer; what was loaded stays in it',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  audit: { type: 'Storage Destination Modified', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id, sourceId: Id }),
  response: StatusOutput,
  handle: async (context, { params: { warehouseId, sourceId } }) => {
    const { db, principal } = context;
    const warehouse = await findWarehouse(db, warehouseId);
    const resource = { type: 'SOURCE', id: sourceId } as const;
    await requireAccess(db, principal, 'admin', { area: 'source', resource });
    await disconnectSource(context, { warehouseId, sourceId });
    return {
      data: success,
      audited: {
        resourceId: warehouse.id,
        resourceName: warehouse.name ?? warehouse.id,
        before: { connectedSourceId: sourceId },
      },
    };
  },
});
