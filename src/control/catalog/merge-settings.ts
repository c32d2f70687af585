import type { SettingOption } from '../../core/destination.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { InputFailure, type InputProblem } from '../input-failure.ts';
import type { Configurable } from './catalog.ts';
import { isMasked } from './masked.ts';

/**
 * The settings after a write: the stored ones with the given ones laid over. A wrong type is refused
 * with its field; a missing one is not (delivery then says `invalid_settings`); null unsets; a masked
 * secret leaves the stored one; what the kind does not declare is kept as it is. Throws `InputFailure`.
 */
export function mergeSettings(
  definition: Configurable,
  stored: JsonObject,
  given: JsonObject,
): JsonObject {
  const types = new Map(definition.options.map(({ name, type }) => [name, type]));
  const merged = new Map<string, Json | undefined>(Object.entries(stored));
  const problems: InputProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const type = types.get(name);
    if (value === null || value === undefined) {
      merged.delete(name);
    } else if (type === 'password' && isMasked(value)) {
      // What was shown was written back: the stored secret stays.
    } else {
      const problem = type === undefined ? undefined : typeProblem(type, value);
      if (problem === undefined) merged.set(name, value);
      else problems.push({ field: `settings.${name}`, message: `"settings.${name}" ${problem}` });
    }
  }
  if (problems.length > 0) throw new InputFailure(problems);
  return Object.fromEntries(merged);
}

function typeProblem(type: SettingOption['type'], value: Json): string | undefined {
  switch (type) {
    case 'string':
    case 'password':
      return typeof value === 'string' ? undefined : 'must be a string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be a boolean';
    case 'number':
      return typeof value === 'number' ? undefined : 'must be a number';
    case 'array':
      return isList(value) ? undefined : 'must be an array';
    case 'text-map':
      return isTextMap(value) ? undefined : 'must be an object of strings';
  }
}

/** Texts, or objects such as a webhook with headers of its own. */
function isList(value: Json): boolean {
  return (
    Array.isArray(value) && value.every((item) => typeof item === 'string' || isJsonObject(item))
  );
}

/** An object of texts, or the `{key, value}` rows of Segment's form. */
function isTextMap(value: Json): boolean {
  if (Array.isArray(value)) return value.every((row) => isJsonObject(row) && 'key' in row);
  return isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string');
}
