import { TributaryError } from '../../../core/errors.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { requestSync } from '../../warehouses/sync-requests.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { WarehouseSync } from '../models/warehouse-sync.ts';
import { presentWarehouseSync } from './present-warehouse-sync.ts';

export const createWarehouseSync = writeOperation({
  operationId: 'createWarehouseSync',
  method: 'POST',
  path: '/warehouses/{warehouseId}/syncs',
  tag: 'Tributary',
  summary: 'Loads what is new at once; with `from`, the events received in [from, to) once more',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  status: 201,
  audit: { type: 'Warehouse Sync Requested', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id }),
  body: Type.Object({
    from: Type.Optional(Type.String({ maxLength: 64 })),
    /** Now when absent. */
    to: Type.Optional(Type.String({ maxLength: 64 })),
    /** With `from`: of one source. All when absent. */
    sourceId: Type.Optional(Id),
    /** With `sourceId`: a table of it alone, named as in selective sync. */
    collection: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\n]*$' })),
  }),
  response: Type.Object({ sync: WarehouseSync }),
  handle: async (context, { params, body }) => {
    const { id, name, enabled } = await findWarehouse(context.db, params.warehouseId);
    if (enabled === 0) {
      throw new TributaryError('conflict', 'The warehouse is switched off: nothing loads it.');
    }
    const { from, to, sourceId, collection } = body;
    refuseLone(body);
    const range = from !== undefined && {
      from: parseIsoTime('from', from),
      to: to === undefined ? context.now : parseIsoTime('to', to),
    };
    const row = await requestSync(context, {
      warehouseId: id,
      ...(range && { range }),
      ...(sourceId !== undefined && { sourceId }),
      ...(collection !== undefined && { collection }),
    });
    return {
      data: { sync: presentWarehouseSync(row, undefined) },
      audited: { resourceId: id, resourceName: name ?? id },
    };
  },
});

/** What says more of a back-fill says nothing without it. */
function refuseLone({
  from,
  to,
  sourceId,
  collection,
}: Partial<Record<'from' | 'to' | 'sourceId' | 'collection', string>>): void {
  const problems = [
    ...(from === undefined && [to, sourceId, collection].some((one) => one !== undefined)
      ? [{ field: 'from', message: '"from" is required with "to", "sourceId" or "collection"' }]
      : []),
    ...(sourceId === undefined && collection !== undefined
      ? [{ field: 'sourceId', message: '"sourceId" is required with "collection"' }]
      : []),
  ];
  if (problems.length > 0) throw new InputFailure(problems);
}
