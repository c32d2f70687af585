import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { FilterFields, PropertyActionType } from './filter-config.ts';

/** What every destination counts on: not to be taken away. */
const fixed = new Set(['type', 'messageId', 'timestamp', 'originalTimestamp', 'receivedAt']);
/** May lose all that is in them, but not go. */
const emptied = new Set(['context', 'integrations']);

/** What becomes of an object. */
type Edit = (object: JsonObject) => JsonObject;

/**
 * Makes what takes the named properties from an event, or leaves only those of the named objects. Lists on the way are
 * passed through: what is said holds for each of their items. The given event stays as it is.
 */
export function propertyEdit(type: PropertyActionType, fields: FilterFields): Edit {
  const edits = Object.entries(fields).map(([path, names]): Edit => {
    const keys = splitPath(path);
    const edit = withoutKeys(type, new Set(names), keys.length === 0);
    return (event) => {
      const edited = editAt(event, keys, 0, edit);
      return isJsonObject(edited) ? edited : event;
    };
  });
  return (event) => edits.reduce((edited, edit) => edit(edited), event);
}

/** The keys of a path; a dot that belongs to a key is written `\.`. */
function splitPath(path: string): readonly string[] {
  const keys = path.match(/(?:\\.|[^.\\])+/gs) ?? [];
  return keys.map((key) => key.replaceAll(/\\(.)/gs, '$1'));
}

function editAt(value: Json, keys: readonly string[], depth: number, edit: Edit): Json {
  if (Array.isArray(value)) return value.map((item) => editAt(item, keys, depth, edit));
  if (!isJsonObject(value)) return value;
  const key = keys[depth];
  if (key === undefined) return edit(value);
  if (!Object.hasOwn(value, key)) return value;
  const inner = value[key] ?? null;
  const edited = editAt(inner, keys, depth + 1, edit);
  return edited === inner ? value : mapped(value, (name, old) => (name === key ? edited : old));
}

function withoutKeys(type: PropertyActionType, names: ReadonlySet<string>, isTop: boolean): Edit {
  const leaves = (key: string) => names.has(key) === (type === 'DROP_PROPERTIES');
  const left = (key: string, value: Json | undefined) => {
    if (!leaves(key) || (isTop && fixed.has(key))) return value;
    return isTop && emptied.has(key) ? {} : undefined;
  };
  return (object) => (Object.keys(object).some(leaves) ? mapped(object, left) : object);
}

/** An object of the values that are left of each key. `__proto__` is a key like any other. */
function mapped(
  object: JsonObject,
  left: (key: string, value: Json | undefined) => Json | undefined,
): JsonObject {
  const made: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    const value = left(key, object[key]);
    if (value === undefined) continue;
    if (key !== '__proto__') made[key] = value;
    else Object.defineProperty(made, key, { value, enumerable: true, configurable: true });
  }
  return made;
}
