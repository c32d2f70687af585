import { requireAccess } from '../../access/require-access.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { connectSource } from '../../warehouses/connect-source.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';

export const addConnectionFromSourceToWarehouse = writeOperation({
  operationId: 'addConnectionFromSourceToWarehouse',
  method: 'POST',
  path: '/warehouses/{warehouseId}/connected-sources/{sourceId}',
  tag: 'Warehouses',
  summary: 'Loads a source into a warehouse from now on',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  status: 201,
  audit: { type: 'Storage Destination Modified', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id, sourceId: Id }),
  response: Type.Object({ status: oneOf(['CONNECTED', 'NOT_CONNECTED']) }),
  handle: async (context, { params }) => {
    const { db, principal } = context;
    const warehouse = await findWarehouse(db, params.warehouseId);
    const { id: sourceId } = await findSource(db, params.sourceId);
    const resource = { type: 'SOURCE', id: sourceId } as const;
    await requireAccess(db, principal, 'admin', { area: 'source', resource });
    await connectSource(context, { warehouseId: warehouse.id, sourceId });
    return {
      data: { status: 'CONNECTED' as const },
      audited: {
        resourceId: warehouse.id,
        resourceName: warehouse.name ?? warehouse.id,
        after: { connectedSourceId: sourceId },
      },
    };
  },
});
