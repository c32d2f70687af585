import assert from 'node:assert/strict';
import type { DestinationKind } from '../../../core/destination.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ReadContext } from '../../context.ts';
import { modeOf } from '../../destinations/connection-mode.ts';
import { shownSettings } from '../../destinations/destination-settings.ts';
import { type DestinationRow, kindOf } from '../../destinations/find-destination.ts';
import { AnyJson } from '../../public-api/frame/schema.ts';
import { type Static, Type } from '../../schemas/type.ts';
import type { SourceRow } from '../../sources/find-source.ts';
import { settingType } from '../catalog/setting-type.ts';
import { configTime } from '../frame/config-time.ts';
import { sourceName } from '../frame/resource-name.ts';
import { destinationNames } from './destination-names.ts';

const ConfigEntry = Type.Object({
  name: Type.String(),
  display_name: Type.String(),
  /** Null where nothing is set and the catalogue has no default. */
  value: AnyJson,
  type: Type.String(),
});

export const Destination = Type.Object({
  name: Type.String(),
  slug: Type.String(),
  parent: Type.String(),
  display_name: Type.String(),
  enabled: Type.Boolean(),
  connection_mode: Type.String(),
  config: Type.Array(ConfigEntry),
  create_time: Type.String(),
  update_time: Type.String(),
});

/** Destinations of one source as this API shows them. Those of unknown kinds are left out. */
export async function configDestinations(
  context: ReadContext,
  source: SourceRow,
  rows: readonly DestinationRow[],
): Promise<Static<typeof Destination>[]> {
  const { environment } = context;
  const nameOf = await destinationNames(context, source.id);
  const parent = sourceName(environment, source.slug);
  return rows.flatMap((row) => {
    const kind = environment.catalog.destination(row.metadata_id);
    if (kind === undefined) return [];
    const name = `${parent}/destinations/${nameOf(row)}`;
    return [
      {
        name,
        slug: kind.slug,
        parent,
        display_name: row.name ?? kind.name,
        enabled: row.enabled === 1,
        connection_mode: modeOf(kind, row),
        config: configEntries(kind, shownSettings(environment, kind, row), name),
        create_time: configTime(row.created_at),
        update_time: configTime(row.updated_at ?? row.created_at),
      },
    ];
  });
}

/** One destination as this API shows it. Throws `not_found` when its kind is not known here. */
export async function configDestination(
  context: ReadContext,
  source: SourceRow,
  row: DestinationRow,
): Promise<Static<typeof Destination>> {
  kindOf(context.environment.catalog, row);
  const [destination] = await configDestinations(context, source, [row]);
  assert(destination !== undefined, 'its kind is known');
  return destination;
}

/** Every setting of the kind, also what is not set, and whatever else is kept. */
function configEntries(
  kind: DestinationKind,
  settings: JsonObject,
  name: string,
): Static<typeof ConfigEntry>[] {
  const options = new Map(kind.options.map((option) => [option.name, option]));
  const names = new Set([...options.keys(), ...Object.keys(settings)]);
  return [...names].map((setting) => ({
    name: `${name}/config/${setting}`,
    display_name: options.get(setting)?.label ?? setting,
    value: settings[setting] ?? null,
    type: settingType(options.get(setting)?.type),
  }));
}
