import assert from 'node:assert/strict';
import { warehouseMetadata } from '../../catalog/warehouse-metadata.ts';
import type { Environment } from '../../environment.ts';
import type { Static } from '../../schemas/type.ts';
import { type WarehouseRow, warehouseKindOf } from '../../warehouses/find-warehouse.ts';
import { shownWarehouseSettings } from '../../warehouses/warehouse-settings.ts';
import type { Warehouse } from '../models/warehouse.ts';

/** Warehouses as the API shows them. Those of unknown kinds are left out. */
export function presentWarehouses(
  environment: Environment,
  rows: readonly WarehouseRow[],
): Static<typeof Warehouse>[] {
  return rows.flatMap((row) => {
    const kind = environment.catalog.warehouse(row.metadata_id);
    if (kind === undefined) return [];
    return [
      {
        id: row.id,
        metadata: warehouseMetadata(kind),
        workspaceId: row.workspace_id,
        enabled: row.enabled === 1,
        settings: shownWarehouseSettings(environment, kind, row),
      },
    ];
  });
}

/** One warehouse as the API shows it. Throws `not_found` when its kind is not known here. */
export function presentWarehouse(
  environment: Environment,
  row: WarehouseRow,
): Static<typeof Warehouse> {
  warehouseKindOf(environment.catalog, row);
  const [warehouse] = presentWarehouses(environment, [row]);
  assert(warehouse !== undefined, 'its kind is known');
  return warehouse;
}
