import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { ProfilesWarehouseTable } from '../../core/tables/space-tables.ts';
import type { WarehouseKind } from '../../core/warehouse.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { findSpace } from '../spaces/find-space.ts';

export type ProfilesWarehouseRow = Selectable<ProfilesWarehouseTable>;

/** The row of a warehouse of a space's profiles. Rejects with `not_found` of either. */
export async function findProfilesWarehouse(
  db: Kysely<ControlTables>,
  spaceId: string,
  id: string,
): Promise<ProfilesWarehouseRow> {
  const space = await findSpace(db, spaceId);
  const query = db.selectFrom('profiles_warehouse').selectAll().where('id', '=', id);
  const row = await query.where('space_id', '=', space.id).executeTakeFirst();
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `Profiles warehouse with id '${id}' not found.`);
}

/** Its kind. Throws `not_found` when this server no longer has it. */
export function profilesWarehouseKind(catalog: Catalog, row: ProfilesWarehouseRow): WarehouseKind {
  const kind = catalog.warehouse(row.metadata_id);
  if (kind !== undefined) return kind;
  throw new TributaryError('not_found', `The kind of warehouse '${row.id}' is not known here.`);
}
