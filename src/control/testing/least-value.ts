import { isJsonObject, type Json } from '../../core/json.ts';

/** The least value that fits a schema: required keys only, the first of an enumeration, the least number. */
export function leastValue(schema: Json | undefined): Json {
  if (!isJsonObject(schema)) return null;
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return leastValue(choices[0]);
  if (Array.isArray(schema['examples'])) return schema['examples'][0] ?? null;
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null;
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return leastObject(schema);
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, () =>
        leastValue(schema['items']),
      );
    case 'string':
      return 'a'.repeat(Math.max(1, Number(schema['minLength'] ?? 0)));
    case 'number':
    case 'integer':
      return Number(schema['minimum'] ?? 0);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function leastObject(schema: Readonly<Record<string, Json | undefined>>): Json {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return Object.fromEntries(required.map((name) => [name, leastValue(properties[name])]));
}
