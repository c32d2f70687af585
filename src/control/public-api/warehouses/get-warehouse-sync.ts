import { Type } from '../../schemas/type.ts';
import { findSyncRequest, syncRequestEnds } from '../../warehouses/sync-requests.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { WarehouseSync } from '../models/warehouse-sync.ts';
import { presentWarehouseSync } from './present-warehouse-sync.ts';

export const getWarehouseSync = readOperation({
  operationId: 'getWarehouseSync',
  method: 'GET',
  path: '/warehouses/{warehouseId}/syncs/{syncId}',
  tag: 'Tributary',
  summary: 'What came of a sync that was asked for; not found once it ended and others followed',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  params: Type.Object({ warehouseId: Id, syncId: Id }),
  response: Type.Object({ sync: WarehouseSync }),
  handle: async ({ db, environment }, { params }) => {
    const row = await findSyncRequest(db, params.warehouseId, params.syncId);
    const ends = await syncRequestEnds(environment.work(), [row.id]);
    return { sync: presentWarehouseSync(row, ends.get(row.id)) };
  },
});
