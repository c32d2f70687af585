import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { connectAllSources } from './connect-source.ts';
import { findWarehouse, requireWarehouseKind, type WarehouseRow } from './find-warehouse.ts';
import { changedWarehouseSettings, givenName } from './warehouse-settings.ts';

export interface NewWarehouse {
  /** Id or slug of its kind. */
  readonly metadataId: string;
  readonly name?: string;
  readonly enabled?: boolean;
  /** What is required may come later. */
  readonly settings?: JsonObject;
  /** True: no source is loaded into it yet. By default all are. */
  readonly disconnectAllSources?: boolean;
}

/** Makes a warehouse. Throws `input_validation` with the field. */
export async function makeWarehouse(
  context: WriteContext,
  given: NewWarehouse,
): Promise<WarehouseRow> {
  const { db, environment, revision, now } = context;
  const kind = requireWarehouseKind(environment.catalog, given.metadataId);
  const id = newId(environment.random);
  const empty = { id, settings: '{}' };
  await db
    .insertInto('warehouse')
    .values({
      id,
      workspace_id: environment.workspace.id,
      position: revision,
      metadata_id: kind.id,
      name: givenName(given.name, given.settings) ?? null,
      enabled: given.enabled === false ? 0 : 1,
      settings: changedWarehouseSettings(environment, kind, empty, given.settings ?? {}),
      schedule: null,
      created_at: now,
    })
    .execute();
  if (given.disconnectAllSources !== true) await connectAllSources(context, id);
  return findWarehouse(db, id);
}
