import { listPage } from '../../paging/list-page.ts';
import { Type } from '../../schemas/type.ts';
import { requireConnection } from '../../warehouses/connect-source.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { selectiveSyncItems } from '../../warehouses/selective-sync.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { FreeObject, Id } from '../frame/schema.ts';

export const listSelectiveSyncsFromWarehouseAndSource = readOperation({
  operationId: 'listSelectiveSyncsFromWarehouseAndSource',
  method: 'GET',
  path: '/warehouses/{warehouseId}/connected-sources/{sourceId}/selective-syncs',
  tag: 'Selective Sync',
  summary:
    'The collections and properties of a source that selective sync was told of; all others are loaded',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  perMinute: 2,
  params: Type.Object({ warehouseId: Id, sourceId: Id }),
  query: PaginatedQuery,
  response: Type.Object({
    items: Type.Array(
      Type.Object({
        sourceId: Type.String(),
        collection: Type.String(),
        warehouseId: Type.String(),
        enabled: Type.Boolean(),
        properties: FreeObject,
      }),
    ),
    pagination: PaginationOutput,
  }),
  handle: async ({ db }, { params: { warehouseId, sourceId }, query }) => {
    await findWarehouse(db, warehouseId);
    await requireConnection(db, { warehouseId, sourceId });
    const items = await selectiveSyncItems(db, warehouseId, sourceId);
    const { rows, pagination } = await listPage(pageRequest(query), items);
    return {
      items: rows.map(({ item }) => ({
        ...{ sourceId, warehouseId },
        ...{ collection: item.collection, enabled: item.enabled },
        properties: { ...item.properties },
      })),
      pagination,
    };
  },
});
