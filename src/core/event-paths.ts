import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** What becomes of an object. */
export type EditObject = (object: JsonObject) => JsonObject;

/** The keys of a path; a dot that belongs to a key is written `\.`. */
export function splitPath(path: string): readonly string[] {
  const keys = path.match(/(?:\\.|[^.\\])+/gs) ?? [];
  return keys.map((key) => key.replaceAll(/\\(.)/gs, '$1'));
}

/** A value in which the objects at a path are edited. Lists on the way are passed through: each of their items is entered. */
export function editAt(value: Json, keys: readonly string[], edit: EditObject, depth = 0): Json {
  if (Array.isArray(value)) return value.map((item) => editAt(item, keys, edit, depth));
  if (!isJsonObject(value)) return value;
  const key = keys[depth];
  if (key === undefined) return edit(value);
  const inner = ownValue(value, key);
  if (inner === undefined) return value;
  const edited = editAt(inner, keys, edit, depth + 1);
  return edited === inner ? value : withKey(value, key, edited);
}

/** The value at a path of objects; undefined where there is none. Lists are not entered. */
export function valueAt(object: JsonObject, keys: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const key of keys) {
    value = isJsonObject(value) ? ownValue(value, key) : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** An object with a value at a path; what is missing on the way, or is no object, is made one. */
export function withValueAt(object: JsonObject, keys: readonly string[], value: Json): JsonObject {
  const [key, ...rest] = keys;
  if (key === undefined) return object;
  if (rest.length === 0) return withKey(object, key, value);
  const inner = ownValue(object, key);
  return withKey(object, key, withValueAt(isJsonObject(inner) ? inner : {}, rest, value));
}

/** An object without what stands at a path; lists on the way are passed through. */
export function withoutPath(object: JsonObject, keys: readonly string[]): JsonObject {
  const last = keys.at(-1);
  if (last === undefined) return object;
  const edited = editAt(object, keys.slice(0, -1), (inner) => withoutKey(inner, last));
  return isJsonObject(edited) ? edited : object;
}

export function ownValue(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** `__proto__` is a key like any other. */
export function withKey(object: JsonObject, key: string, value: Json): JsonObject {
  return { ...object, [key]: value };
}

function withoutKey(object: JsonObject, key: string): JsonObject {
  if (!Object.hasOwn(object, key)) return object;
  const { [key]: _, ...rest } = object;
  return rest;
}

/** An object of the values that are left of each key. */
export function mappedObject(
  object: JsonObject,
  left: (key: string, value: Json | undefined) => Json | undefined,
): JsonObject {
  const entries = Object.entries(object).flatMap(([key, before]) => {
    const value = left(key, before);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}
