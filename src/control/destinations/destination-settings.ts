import type { DestinationKind } from '../../core/destination.ts';
import { isDeviceDestination } from '../../core/device-mode.ts';
import type { JsonObject } from '../../core/json.ts';
import { openJsonSettings, openSettings, sealSettings } from '../../core/secret-box.ts';
import { maskSettings } from '../catalog/masked.ts';
import { mergeSettings } from '../catalog/merge-settings.ts';
import type { Environment } from '../environment.ts';
import {
  type Asked,
  changedInstanceSettings,
  shownTogether,
} from '../functions/instances/instance-settings.ts';
import { isFunctionKind } from '../functions/workspace-kinds.ts';

type Kept = { readonly id: string; readonly settings: string };

/** What is set of a destination, its secrets opened. Not for answers: see `shownSettings`. */
function openedSettings({ secrets }: Environment, kind: DestinationKind, row: Kept): JsonObject {
  const open = isFunctionKind(kind) ? openJsonSettings : openSettings;
  return open(secrets, JSON.parse(row.settings), row.id);
}

/** The settings as its code takes them: opened, with the defaults of the kind. Not for answers. */
export function openedDestinationSettings(
  environment: Environment,
  kind: DestinationKind,
  row: Kept,
): JsonObject {
  return environment.catalog.withDefaults(kind, openedSettings(environment, kind, row));
}

/** The settings as the APIs show them: with the defaults of the kind, secrets masked. */
export function shownSettings(
  environment: Environment,
  kind: DestinationKind,
  row: Kept,
): JsonObject {
  if (isFunctionKind(kind)) {
    const { declared } = kind;
    const stored: JsonObject = JSON.parse(row.settings);
    return shownTogether(environment.secrets, row.id, declared, stored);
  }
  const settings = openedSettings(environment, kind, row);
  return maskSettings(kind, environment.catalog.withDefaults(kind, settings));
}

/**
 * The settings after a change (see `mergeSettings`), as the table keeps them: secrets sealed. Those of a destination function are held
 * to what it declares, by what is `asked`: throws `input_validation` with the field.
 */
export function changedSettings(
  { secrets }: Environment,
  kind: DestinationKind,
  row: Kept,
  given: JsonObject,
  asked: Asked,
): string {
  if (isFunctionKind(kind)) {
    const stored: JsonObject = JSON.parse(row.settings);
    const { declared } = kind;
    return JSON.stringify(changedInstanceSettings(secrets, row.id, declared, stored, given, asked));
  }
  const merged = mergeSettings(kind, JSON.parse(row.settings), given);
  return JSON.stringify(sealSettings(secrets, merged, row.id, secretNames(kind)));
}

/** What must not lie about in plain text. Settings of the browser are shown to everybody: none of them. */
export function secretNames(kind: DestinationKind): ReadonlySet<string> {
  if (isDeviceDestination(kind)) return new Set();
  const secret = kind.options.filter(({ type }) => type === 'password');
  return new Set(secret.map(({ name }) => name));
}
