import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { type GivenOverride, overrideSync } from '../../warehouses/selective-sync.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';

const Name = Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\n]*$' });

export const updateSelectiveSyncForWarehouse = writeOperation({
  operationId: 'updateSelectiveSyncForWarehouse',
  method: 'PATCH',
  path: '/warehouses/{warehouseId}/selective-sync',
  tag: 'Selective Sync',
  summary: 'Says what of sources, collections and properties is loaded; all else stays',
  permission: 'write',
  on: { warehouse: 'warehouseId' },
  perMinute: 2,
  audit: { type: 'Storage Destination Modified', resourceType: 'warehouse' },
  params: Type.Object({ warehouseId: Id }),
  body: Type.Object({
    syncOverrides: Type.Array(
      Type.Object({
        sourceId: Id,
        collection: Type.Optional(Name),
        property: Type.Optional(Name),
        enabled: Type.Boolean(),
      }),
    ),
  }),
  response: Type.Object({
    status: oneOf(['UNCHANGED', 'UPDATED']),
    warnings: Type.Array(Type.String()),
  }),
  handle: async (context, { params, body }) => {
    const warehouse = await findWarehouse(context.db, params.warehouseId);
    refuseLoneProperties(body.syncOverrides);
    const { changed, warnings } = await overrideSync(context, warehouse.id, body.syncOverrides);
    return {
      data: {
        status: changed ? ('UPDATED' as const) : ('UNCHANGED' as const),
        warnings: [...warnings],
      },
      audited: {
        resourceId: warehouse.id,
        resourceName: warehouse.name ?? warehouse.id,
        after: { syncOverrides: body.syncOverrides, warnings },
      },
    };
  },
});

function refuseLoneProperties(overrides: readonly GivenOverride[]): void {
  const problems = overrides.flatMap(({ collection, property }, index) => {
    if (property === undefined || collection !== undefined) return [];
    const field = `syncOverrides.${index}.collection`;
    return [{ field, message: `"${field}" is required with a property` }];
  });
  if (problems.length > 0) throw new InputFailure(problems);
}
