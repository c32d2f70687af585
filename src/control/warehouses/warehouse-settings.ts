import type { JsonObject } from '../../core/json.ts';
import { openSettings, sealSettings } from '../../core/secret-box.ts';
import type { WarehouseKind } from '../../core/warehouse.ts';
import { mergeSettings } from '../catalog/merge-settings.ts';
import type { Environment } from '../environment.ts';

interface Kept {
  readonly id: string;
  readonly name: string | null;
  readonly settings: string;
}

/** What is set of a warehouse, its secrets opened, with the defaults of its kind. Not for answers. */
export function openedWarehouseSettings(
  { secrets, catalog }: Environment,
  kind: WarehouseKind,
  row: Kept,
): JsonObject {
  return catalog.withDefaults(kind, openSettings(secrets, JSON.parse(row.settings), row.id));
}

/**
 * The settings as the APIs show them: with the defaults and the name, without secrets (spec public-api §6,
 * Warehouses: a password is never returned).
 */
export function shownWarehouseSettings(
  { catalog }: Environment,
  kind: WarehouseKind,
  row: Kept,
): JsonObject {
  const secret = secretSettings(kind);
  const complete = Object.entries(catalog.withDefaults(kind, JSON.parse(row.settings)));
  return {
    ...(row.name !== null && { name: row.name }),
    ...Object.fromEntries(complete.filter(([name]) => !secret.has(name))),
  };
}

/** The settings after a change (see `mergeSettings`), as the table keeps them: secrets sealed, without the name. */
export function changedWarehouseSettings(
  { secrets }: Environment,
  kind: WarehouseKind,
  row: Pick<Kept, 'id' | 'settings'>,
  given: JsonObject,
): string {
  const merged = mergeWarehouseSettings(kind, JSON.parse(row.settings), given);
  return JSON.stringify(sealSettings(secrets, merged, row.id, secretSettings(kind)));
}

/** As `mergeSettings`; without the name, the port as a text. Throws `input_validation` with the field. */
export function mergeWarehouseSettings(
  kind: WarehouseKind,
  stored: JsonObject,
  given: JsonObject,
): JsonObject {
  const { name: _, ...own } = given;
  return mergeSettings(kind, stored, withTextPort(own));
}

/** The name that a client gives: beside the settings or, as it is shown, among them. */
export function givenName(
  name: string | null | undefined,
  settings: JsonObject | undefined,
): string | null | undefined {
  if (name !== undefined) return name || null;
  const among = settings?.['name'];
  return typeof among === 'string' || among === null ? among || null : undefined;
}

/** Clients write a port as a number or, as Segment's catalogue has it, as a text. */
function withTextPort(settings: JsonObject): JsonObject {
  const { port } = settings;
  return typeof port === 'number' ? { ...settings, port: String(port) } : settings;
}

function secretSettings(kind: WarehouseKind): ReadonlySet<string> {
  const secret = kind.options.filter(({ type }) => type === 'password');
  return new Set(secret.map(({ name }) => name));
}
