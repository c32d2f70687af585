import { TributaryError } from '../../../core/errors.ts';
import { warehouseMetadata } from '../../catalog/warehouse-metadata.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { WarehouseMetadata } from '../models/warehouse.ts';

export const getWarehouseMetadata = readOperation({
  operationId: 'getWarehouseMetadata',
  method: 'GET',
  path: '/catalog/warehouses/{warehouseMetadataId}',
  tag: 'Catalog',
  summary: 'One kind of warehouse',
  permission: 'read',
  on: 'workspace',
  params: Type.Object({ warehouseMetadataId: Id }),
  response: Type.Object({ warehouseMetadata: WarehouseMetadata }),
  handle: ({ environment }, { params }) => {
    const kind = environment.catalog.warehouse(params.warehouseMetadataId);
    if (kind === undefined) {
      const text = `Warehouse metadata with id '${params.warehouseMetadataId}' not found.`;
      throw new TributaryError('not_found', text);
    }
    return { warehouseMetadata: warehouseMetadata(kind) };
  },
});
