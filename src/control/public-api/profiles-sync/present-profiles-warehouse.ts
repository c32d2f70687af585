import { warehouseMetadata } from '../../catalog/warehouse-metadata.ts';
import type { Environment } from '../../environment.ts';
import {
  type ProfilesWarehouseRow,
  profilesWarehouseKind,
} from '../../profiles-sync/find-profiles-warehouse.ts';
import type { Static } from '../../schemas/type.ts';
import { shownWarehouseSettings } from '../../warehouses/warehouse-settings.ts';
import type { ProfilesWarehouse } from '../models/profiles-warehouse.ts';

/** A warehouse of a space as the API shows it. Throws `not_found` when its kind is not known here. */
export function presentProfilesWarehouse(
  environment: Environment,
  row: ProfilesWarehouseRow,
): Static<typeof ProfilesWarehouse> {
  const kind = profilesWarehouseKind(environment.catalog, row);
  return {
    id: row.id,
    spaceId: row.space_id,
    metadata: warehouseMetadata(kind),
    workspaceId: environment.workspace.id,
    enabled: row.enabled === 1,
    settings: shownWarehouseSettings(environment, kind, row),
    ...(row.schema_name !== null && { schemaName: row.schema_name }),
  };
}
