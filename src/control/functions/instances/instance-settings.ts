import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { isSealed, type SecretBox } from '../../../core/secret-box.ts';
import { isMasked, maskSecret } from '../../catalog/masked.ts';
import type { DeclaredSetting } from '../declared-settings.ts';
import { refuseUnfit } from './refuse-unfit.ts';

type Declared = readonly DeclaredSetting[];

/**
 * Whether a change is refused where settings do not fit what the function declares, or one that is required has no value. It is not
 * where a place is off and its settings are left alone: what a function has come to require must not keep it on.
 */
export type Asked = 'all' | 'nothing';

export function askedOf(isOn: boolean, given: JsonObject | undefined): Asked {
  return isOn || Object.keys(given ?? {}).length > 0 ? 'all' : 'nothing';
}

/**
 * The settings of an instance after a change, as the table keeps them: the stored ones with the given ones laid over,
 * null unsets, sensitive ones sealed as JSON; one that is masked leaves the stored one. What does not fit is `input_validation`,
 * each with its field.
 */
export function changedInstanceSettings(
  secrets: SecretBox,
  id: string,
  declared: Declared,
  stored: JsonObject,
  given: JsonObject,
  asked: Asked,
): JsonObject {
  const changed = laidOver(stored, given);
  if (asked === 'all') refuseUnfit(declared, (name) => opened(secrets, id, changed[name]));
  const sensitive = sensitiveOf(declared);
  const seal = (name: string, value: Json | undefined) =>
    sensitive.has(name) && !isSealed(value) ? secrets.seal(JSON.stringify(value), id) : value;
  return Object.fromEntries(
    Object.entries(changed).map(([name, value]) => [name, seal(name, value)]),
  );
}

/** The stored ones with the given ones laid over; see `changedInstanceSettings`. */
export function laidOver(stored: JsonObject, given: JsonObject): JsonObject {
  const changed = new Map(Object.entries(stored));
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) changed.delete(name);
    else if (!isShownSecret(value)) changed.set(name, value);
  }
  return Object.fromEntries(changed);
}

/** The settings as they are shown: those that are no secrets, and the others masked. */
export function shownInstanceSettings(
  secrets: SecretBox,
  id: string,
  declared: Declared,
  stored: JsonObject,
): { readonly settings: JsonObject; readonly encryptedSettings: JsonObject } {
  const sensitive = sensitiveOf(declared);
  const isSecret = ([name, value]: readonly [string, Json | undefined]) =>
    sensitive.has(name) || isSealed(value);
  const entries = Object.entries(stored);
  return {
    settings: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    encryptedSettings: Object.fromEntries(
      entries.filter(isSecret).map(([name, value]) => [name, masked(opened(secrets, id, value))]),
    ),
  };
}

/** The same in one: of a source or destination that is a function. */
export function shownTogether(
  secrets: SecretBox,
  id: string,
  declared: Declared,
  stored: JsonObject,
): JsonObject {
  const { settings, encryptedSettings } = shownInstanceSettings(secrets, id, declared, stored);
  return { ...settings, ...encryptedSettings };
}

function sensitiveOf(declared: Declared): ReadonlySet<string> {
  return new Set(declared.filter((one) => one.sensitive).map(({ name }) => name));
}

function opened(secrets: SecretBox, id: string, value: Json | undefined): Json {
  if (!isSealed(value)) return value ?? null;
  const text = secrets.open(value, id);
  return text === undefined ? '' : JSON.parse(text);
}

function masked(value: Json): Json {
  if (typeof value === 'string') return maskSecret(value);
  if (Array.isArray(value)) return value.map(masked);
  if (!isJsonObject(value)) return maskSecret(String(value));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, masked(inner ?? null)]),
  );
}

/** Something of it is masked: it was shown, and is written back. */
function isShownSecret(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(isShownSecret);
  if (isJsonObject(value)) return Object.values(value).some(isShownSecret);
  return isMasked(value);
}
