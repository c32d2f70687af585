import { Type } from '../../schemas/type.ts';
import { makeWarehouse } from '../../warehouses/make-warehouse.ts';
import { writeOperation } from '../frame/operation.ts';
import { FreeObject } from '../frame/schema.ts';
import { Warehouse } from '../models/warehouse.ts';
import { presentWarehouse } from './present-warehouse.ts';

export const createWarehouse = writeOperation({
  operationId: 'createWarehouse',
  method: 'POST',
  path: '/warehouses',
  tag: 'Warehouses',
  summary: 'Makes a warehouse and connects all sources to it',
  permission: 'write',
  on: 'warehouse',
  status: 201,
  audit: { type: 'Storage Destination Created', resourceType: 'warehouse' },
  body: Type.Object({
    metadataId: Type.String({ minLength: 1, maxLength: 255 }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    enabled: Type.Optional(Type.Boolean()),
    settings: Type.Optional(FreeObject),
    disconnectAllSources: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ warehouse: Warehouse }),
  handle: async (context, { body }) => {
    const row = await makeWarehouse(context, body);
    const warehouse = presentWarehouse(context.environment, row);
    return {
      data: { warehouse },
      audited: { resourceId: row.id, resourceName: row.name ?? warehouse.metadata.name },
    };
  },
});
