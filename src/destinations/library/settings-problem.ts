import type { SettingOption } from '../../core/destination.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** What is wrong with settings, naming the field; undefined when nothing is. */
export function settingsProblem(
  options: readonly SettingOption[],
  settings: JsonObject,
): string | undefined {
  for (const { name, label, required, type } of options) {
    const value = settings[name];
    if (isMissing(value)) {
      if (required) return `The setting "${name}" (${label}) is required`;
    } else if (!fits(type, value)) {
      return `The setting "${name}" (${label}) is to be a ${type === 'password' ? 'string' : type}`;
    }
  }
  return undefined;
}

/** Settings as definitions take them: what was left empty is not there. */
export function givenSettings(settings: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => !isMissing(value)));
}

function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** A number or a boolean may also be its text: the library reads both. */
function fits(type: SettingOption['type'], value: Json | undefined): boolean {
  switch (type) {
    case 'number':
      return (
        typeof value === 'number' || (typeof value === 'string' && !Number.isNaN(Number(value)))
      );
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    case 'array':
      return Array.isArray(value);
    case 'text-map':
      return typeof value === 'object';
    case 'string':
    case 'password':
      return typeof value === 'string' || typeof value === 'number';
  }
}
