import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';

type Branch = { [key: string]: string | string[] | Branch };

/** Parameters of one query string; what stands beyond is ignored. */
const mostPairs = 1_000;

/**
 * A query string as a tree of strings. All spellings of nesting that Segment's clients use are read:
 * `pagination[count]=2`, `pagination.count=2`, `groupBy[0]=a`, `groupBy.0=a`, repeats (spec
 * public-api §4). Types come later, from the schema: `typedQuery`.
 */
export function parseQuery(text: string): Branch {
  const root = branch();
  let pairs = 0;
  for (const [key, value] of new URLSearchParams(text)) {
    if (++pairs > mostPairs) break;
    insert(
      root,
      key.split(/[[\].]+/).filter((part) => part !== ''),
      value,
    );
  }
  return root;
}

/** Without a prototype: a key of the client's choice reaches nothing but itself. */
function branch(): Branch {
  return Object.create(null);
}

function insert(root: Branch, path: readonly string[], value: string): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let node = root;
  for (const part of path.slice(0, -1)) {
    const next = node[part];
    if (next === undefined || typeof next === 'string' || Array.isArray(next)) {
      const made = branch();
      node[part] = made;
      node = made;
    } else {
      node = next;
    }
  }
  const old = node[last];
  if (typeof old === 'string') node[last] = [old, value];
  else if (Array.isArray(old)) old.push(value);
  else if (old === undefined) node[last] = value;
}

/**
 * Gives the strings of a query the types its schema declares: numbers, booleans, lists (indexed,
 * repeated or separated by commas), objects (also as JSON text). What does not fit stays as it is,
 * for the validator to name.
 */
export function typedQuery(schema: JsonObject, value: Json | undefined): Json | undefined {
  switch (schema['type']) {
    case 'number':
    case 'integer':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? Number(value)
        : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'array':
      return typedList(schema, value);
    case 'object':
      return typedObject(schema, value);
    default:
      return value;
  }
}

function typedList(schema: JsonObject, value: Json | undefined): Json | undefined {
  const items = isJsonObject(schema['items']) ? schema['items'] : {};
  const list = listOf(value);
  return list?.map((item) => typedQuery(items, item) ?? null) ?? value;
}

function listOf(value: Json | undefined): readonly Json[] | undefined {
  if (typeof value === 'string') return value === '' ? [] : value.split(',');
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return undefined;
  const keys = Object.keys(value);
  if (!keys.every((key) => /^\d{1,4}$/.test(key))) return undefined;
  return keys.sort((a, b) => Number(a) - Number(b)).map((key) => value[key] ?? null);
}

function typedObject(schema: JsonObject, value: Json | undefined): Json | undefined {
  const object = typeof value === 'string' ? objectFromText(value) : value;
  const properties = schema['properties'];
  if (!isJsonObject(object) || !isJsonObject(properties)) return object;
  const typed: Record<string, Json> = {};
  for (const [name, property] of Object.entries(properties)) {
    const found = isJsonObject(property) ? typedQuery(property, object[name]) : object[name];
    if (found !== undefined) typed[name] = found;
  }
  return typed;
}

function objectFromText(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the validator says that an object is wanted here.
    return text;
  }
}
