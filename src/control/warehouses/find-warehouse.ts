import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables, WarehouseTable } from '../../core/tables/control-tables.ts';
import type { WarehouseKind } from '../../core/warehouse.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { InputFailure } from '../input-failure.ts';

export type WarehouseRow = Selectable<WarehouseTable>;

/** The row of a warehouse. Rejects with `not_found`. */
export async function findWarehouse(db: Kysely<ControlTables>, id: string): Promise<WarehouseRow> {
  const row = await db.selectFrom('warehouse').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Warehouse with id '${id}' not found.`);
  }
  return row;
}

/** The kind that a client names by id or slug. Throws `input_validation` when the catalogue has none. */
export function requireWarehouseKind(catalog: Catalog, metadataId: string): WarehouseKind {
  const kind = catalog.warehouse(metadataId);
  if (kind !== undefined) return kind;
  const message = '"metadataId" is not in the catalog of warehouses';
  throw new InputFailure([{ field: 'metadataId', message }]);
}

/** The kind of a warehouse. Throws `not_found` when this server no longer has it. */
export function warehouseKindOf(catalog: Catalog, row: WarehouseRow): WarehouseKind {
  const kind = catalog.warehouse(row.metadata_id);
  if (kind === undefined) {
    throw new TributaryError('not_found', `The kind of warehouse '${row.id}' is not known here.`);
  }
  return kind;
}
