import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { leastValue } from './least-value.ts';

export interface WrongValue {
  /** Dotted: where it is wrong. */
  readonly field: string;
  readonly body: Json;
}

/** For each field of an object schema, however deep, a value that is wrong there and right elsewhere. */
export function wrongValues(schema: JsonObject): WrongValue[] {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const least = leastValue(schema);
  const rest = isJsonObject(least) ? least : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return [];
    return wrongIn(property).map(({ field, body }) => ({
      field: field === '' ? name : `${name}.${field}`,
      body: { ...rest, [name]: body },
    }));
  });
}

/** Wrong values of one field; `field` is '' where the value itself is wrong. */
function wrongIn(property: JsonObject): WrongValue[] {
  const { type, items } = property;
  const types = Array.isArray(type) ? type : [type];
  if (type === undefined) return [];
  const itself = { field: '', body: types.includes('object') ? 7 : { no: 'such' } };
  if (types.includes('object')) return [itself, ...wrongValues(property)];
  if (!types.includes('array') || !isJsonObject(items)) return [itself];
  const inItems = wrongIn(items).map(({ field, body }) => ({
    field: field === '' ? '0' : `0.${field}`,
    body: [body],
  }));
  return [itself, ...inItems];
}
