import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { isSealed, type SecretBox } from '../../../core/secret-box.ts';
import { isMasked, maskSecret } from '../../catalog/masked.ts';
import { InputFailure, type InputProblem } from '../../input-failure.ts';
import type { DeclaredSetting } from '../declared-settings.ts';

type Declared = readonly DeclaredSetting[];

/**
 * The settings of an instance after a change, as the table keeps them: the stored ones with the given ones laid over,
 * null unsets, sensitive ones sealed as JSON; one that is masked leaves the stored one. A wrong type is `input_validation`.
 */
export function changedInstanceSettings(
  secrets: SecretBox,
  id: string,
  declared: Declared,
  stored: JsonObject,
  given: JsonObject,
): JsonObject {
  const byName = new Map(declared.map((setting) => [setting.name, setting]));
  const changed = new Map(Object.entries(stored));
  const problems: InputProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const setting = byName.get(name);
    if (value === null || value === undefined) changed.delete(name);
    else if (isShownSecret(value)) continue;
    else if (setting !== undefined && !fits(setting.type, value)) {
      const field = `settings.${name}`;
      problems.push({ field, message: `"${field}" ${wanted[setting.type]}` });
    } else changed.set(name, value);
  }
  if (problems.length > 0) throw new InputFailure(problems);
  const seal = (name: string, value: Json | undefined) =>
    byName.get(name)?.sensitive === true && !isSealed(value)
      ? secrets.seal(JSON.stringify(value), id)
      : value;
  return Object.fromEntries([...changed].map(([name, value]) => [name, seal(name, value)]));
}

/** The settings as they are shown: those that are no secrets, and the others masked. */
export function shownInstanceSettings(
  secrets: SecretBox,
  id: string,
  declared: Declared,
  stored: JsonObject,
): { readonly settings: JsonObject; readonly encryptedSettings: JsonObject } {
  const sensitive = new Set(declared.filter((one) => one.sensitive).map(({ name }) => name));
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

const wanted = {
  STRING: 'must be a string',
  BOOLEAN: 'must be a boolean',
  ARRAY: 'must be an array of strings',
  TEXT_MAP: 'must be an object of strings',
} as const;

function fits(type: DeclaredSetting['type'], value: Json): boolean {
  const isText = (item: unknown) => typeof item === 'string';
  switch (type) {
    case 'STRING':
      return isText(value);
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'ARRAY':
      return Array.isArray(value) && value.every(isText);
    case 'TEXT_MAP':
      return isJsonObject(value) && Object.values(value).every(isText);
  }
}
