import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { findSpace } from '../spaces/find-space.ts';
import { requireWarehouseKind } from '../warehouses/find-warehouse.ts';
import { changedWarehouseSettings, givenName } from '../warehouses/warehouse-settings.ts';
import { findProfilesWarehouse, type ProfilesWarehouseRow } from './find-profiles-warehouse.ts';

export interface NewProfilesWarehouse {
  /** Id or slug of its kind. */
  readonly metadataId: string;
  readonly name?: string;
  readonly enabled?: boolean;
  /** What is required may come later. */
  readonly settings?: JsonObject;
  readonly schemaName?: string;
}

/** Connects a warehouse to a space. Throws `not_found`, and `input_validation` with the field. */
export async function makeProfilesWarehouse(
  { db, environment, revision, now }: WriteContext,
  spaceId: string,
  given: NewProfilesWarehouse,
): Promise<ProfilesWarehouseRow> {
  const space = await findSpace(db, spaceId);
  const kind = requireWarehouseKind(environment.catalog, given.metadataId);
  const id = newId(environment.random);
  const empty = { id, settings: '{}' };
  await db
    .insertInto('profiles_warehouse')
    .values({
      ...{ id, space_id: space.id, position: revision, metadata_id: kind.id },
      name: givenName(given.name, given.settings) ?? null,
      enabled: given.enabled === false ? 0 : 1,
      settings: changedWarehouseSettings(environment, kind, empty, given.settings ?? {}),
      schema_name: given.schemaName ?? null,
      event_tables: 0,
      created_at: now,
    })
    .execute();
  return findProfilesWarehouse(db, space.id, id);
}
