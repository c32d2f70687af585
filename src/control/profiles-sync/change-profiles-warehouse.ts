import type { WriteContext } from '../context.ts';
import { changedWarehouseSettings, givenName } from '../warehouses/warehouse-settings.ts';
import {
  findProfilesWarehouse,
  type ProfilesWarehouseRow,
  profilesWarehouseKind,
} from './find-profiles-warehouse.ts';
import type { NewProfilesWarehouse } from './make-profiles-warehouse.ts';

/** Changes a warehouse of a space; what is absent stays. Throws `input_validation` with the field of a setting. */
export async function changeProfilesWarehouse(
  { db, environment }: WriteContext,
  row: ProfilesWarehouseRow,
  change: Partial<Omit<NewProfilesWarehouse, 'metadataId'>>,
): Promise<ProfilesWarehouseRow> {
  const kind = profilesWarehouseKind(environment.catalog, row);
  const name = givenName(change.name, change.settings);
  await db
    .updateTable('profiles_warehouse')
    .set({
      name: name === undefined ? row.name : name,
      enabled: (change.enabled ?? row.enabled === 1) ? 1 : 0,
      settings: changedWarehouseSettings(environment, kind, row, change.settings ?? {}),
      schema_name: change.schemaName ?? row.schema_name,
    })
    .where('id', '=', row.id)
    .execute();
  return findProfilesWarehouse(db, row.space_id, row.id);
}
