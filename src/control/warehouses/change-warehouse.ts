import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { findWarehouse, type WarehouseRow, warehouseKindOf } from './find-warehouse.ts';
import { changedWarehouseSettings, givenName } from './warehouse-settings.ts';

export interface WarehouseChange {
  /** Null or '': none. */
  readonly name?: string | null;
  readonly enabled?: boolean;
  /** Laid over the stored ones: see `mergeSettings`. */
  readonly settings?: JsonObject;
}

/** Changes a warehouse; what is absent stays. Throws `input_validation` with the field of a setting. */
export async function changeWarehouse(
  { db, environment }: WriteContext,
  row: WarehouseRow,
  change: WarehouseChange,
): Promise<WarehouseRow> {
  const kind = warehouseKindOf(environment.catalog, row);
  const name = givenName(change.name, change.settings);
  await db
    .updateTable('warehouse')
    .set({
      name: name === undefined ? row.name : name,
      enabled: (change.enabled ?? row.enabled === 1) ? 1 : 0,
      settings: changedWarehouseSettings(environment, kind, row, change.settings ?? {}),
    })
    .where('id', '=', row.id)
    .execute();
  return findWarehouse(db, row.id);
}

/** The type that the audit trail has for it. */
export function warehouseChangeType(row: WarehouseRow, change: WarehouseChange): string {
  const enables = change.enabled === true && row.enabled === 0;
  return enables ? 'Storage Destination Enabled' : 'Storage Destination Modified';
}
