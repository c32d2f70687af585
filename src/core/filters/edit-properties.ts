import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { FilterFields, PropertyActionType } from './filter-config.ts';

/** What every destination counts on: not to be taken away. */
const fixed = new Set(['type', 'messageId', 'timestamp', 'originalTimestamp', 'receivedAt']);
/** May lose all that is in them, but not go. */
const emptied = new Set(['context', 'integrations']);

/**
 * The event without the named properties, or with only those of the named objects. Lists on the way are passed through:
 * what is said holds for each of their items. The given event stays as it is.
 */
export function editProperties(
  event: JsonObject,
  type: PropertyActionType,
  fields: FilterFields,
): JsonObject {
  let edited = event;
  for (const [path, names] of Object.entries(fields)) {
    const named = new Set(names);
    const leaves = (key: string) => named.has(key) === (type === 'DROP_PROPERTIES');
    const isTop = path === '';
    const found = editAt(edited, splitPath(path), (object) => without(object, leaves, isTop));
    if (isJsonObject(found)) edited = found;
  }
  return edited;
}

/** The keys of a path; a dot that belongs to a key is written `\.`. */
function splitPath(path: string): readonly string[] {
  if (path === '') return [];
  const keys = path.match(/(?:\\.|[^.\\])+/gs) ?? [];
  return keys.map((key) => key.replaceAll(/\\(.)/gs, '$1'));
}

function editAt(
  value: Json,
  keys: readonly string[],
  edit: (object: JsonObject) => JsonObject,
): Json {
  if (Array.isArray(value)) return value.map((item) => editAt(item, keys, edit));
  if (!isJsonObject(value)) return value;
  const [key, ...rest] = keys;
  if (key === undefined) return edit(value);
  if (!Object.hasOwn(value, key)) return value;
  const inner = value[key] ?? null;
  const edited = editAt(inner, rest, edit);
  return edited === inner ? value : withKey(value, key, edited);
}

/** Not by spreading and assigning: `__proto__` is a key like any other. */
function withKey(object: JsonObject, key: string, value: Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, old]) => [name, name === key ? value : old]),
  );
}

function without(object: JsonObject, leaves: (key: string) => boolean, isTop: boolean): JsonObject {
  const stays = (key: string) => !leaves(key) || (isTop && (fixed.has(key) || emptied.has(key)));
  const entries = Object.entries(object);
  if (entries.every(([key]) => !leaves(key))) return object;
  return Object.fromEntries(
    entries
      .filter(([key]) => stays(key))
      .map(([key, value]) => [key, isTop && leaves(key) && emptied.has(key) ? {} : value]),
  );
}
