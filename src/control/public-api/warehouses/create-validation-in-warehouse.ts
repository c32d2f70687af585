import { auditAct } from '../../access/audit-act.ts';
import { Type } from '../../schemas/type.ts';
import { requireWarehouseKind } from '../../warehouses/find-warehouse.ts';
import { testWarehouseSettings } from '../../warehouses/test-settings.ts';
import { mergeWarehouseSettings } from '../../warehouses/warehouse-settings.ts';
import { readOperation } from '../frame/operation.ts';
import { FreeObject, oneOf } from '../frame/schema.ts';

/**
 * Changes nothing, so it is no write: the transaction of a write would stay open while a far server is
 * waited for. It is audited all the same, as at Segment.
 */
export const createValidationInWarehouse = readOperation({
  operationId: 'createValidationInWarehouse',
  method: 'POST',
  path: '/warehouses/validation',
  tag: 'Warehouses',
  summary: 'Whether a warehouse could be reached with these settings; nothing is kept',
  permission: 'write',
  on: 'warehouse',
  body: Type.Object({
    metadataId: Type.String({ minLength: 1, maxLength: 255 }),
    settings: FreeObject,
  }),
  response: Type.Object({ status: oneOf(['CONNECTED', 'FAILED']) }),
  handle: async (context, { body }) => {
    const { catalog } = context.environment;
    const kind = requireWarehouseKind(catalog, body.metadataId);
    const settings = catalog.withDefaults(kind, mergeWarehouseSettings(kind, {}, body.settings));
    const result = await testWarehouseSettings(context.environment, kind, settings);
    await auditAct(context, {
      operation: 'createValidationInWarehouse',
      type: 'Storage Destination Settings Validation',
      resourceName: kind.name,
      after: { kind: kind.name, result: result.ok ? 'Reached' : result.message },
    });
    const status = result.ok ? ('CONNECTED' as const) : ('FAILED' as const);
    return { status };
  },
});
