import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';

/** What a mapping, or a part of it, makes of an event; undefined: nothing, and its key is left out. */
type Part = (event: JsonObject) => Json | undefined;

/** The library's own way to map. */
export type Transform = (mapping: JsonObject, event: object) => JsonObject;

/** Keys by which a mapping says more than what the event becomes. */
const rootDirective = '__segment_internal_directive';

/**
 * A mapping, read once. It makes of an event what the library's `transform` makes of it, in new objects throughout; what is rare
 * here, the library does itself. Undefined: the mapping is for the library as a whole.
 */
export function compileMapping(
  mapping: JsonObject,
  transform: Transform,
): ((event: JsonObject) => JsonObject) | undefined {
  if (Object.hasOwn(mapping, rootDirective) || isDirective(mapping)) return undefined;
  const parts = Object.entries(mapping).map(
    ([key, value]) => [key, compile(value, transform)] as const,
  );
  return (event) => {
    const made: Record<string, Json> = {};
    for (const [key, part] of parts) {
      const value = part(event);
      if (value !== undefined) made[key] = value;
    }
    return made;
  };
}

function compile(value: Json | undefined, transform: Transform): Part {
  if (Array.isArray(value)) {
    const items = value.map((item) => compile(item, transform));
    // An item that is undefined leaves its place, which only the library knows what to do with.
    return items.every(isConstant) ? constant(value) : byLibrary(value, transform);
  }
  if (!isJsonObject(value)) return constant(value);
  if (isDirective(value)) return directive(value, transform);
  const inner = compileMapping(value, transform);
  return inner ?? byLibrary(value, transform);
}

function directive(value: JsonObject, transform: Transform): Part {
  const [name, ...more] = Object.keys(value).filter((key) => key.startsWith('@'));
  const given = name === undefined ? undefined : value[name];
  if (more.length > 0) return byLibrary(value, transform);
  if (name === '@path' && typeof given === 'string') return pathPart(given);
  if (name === '@if' && isJsonObject(given)) return ifPart(given, value, transform);
  if (name === '@literal') return compile(given, transform);
  return byLibrary(value, transform);
}

function pathPart(path: string): Part {
  const keys = keysOf(path.replace('$.', ''));
  return (event) => {
    let at: unknown = event;
    for (const key of keys) {
      // As the library does: what is false, 0 or '' ends the way, and is the value.
      if (!at) break;
      // Most often an object, where this is the quick way.
      at = isJsonObject(at) ? at[key] : Reflect.get(Object(at), key);
    }
    return copied(at);
  };
}

/** `a.b`, `a[0]`, `a['b c']`: in the library's reading a quote in a key is lost. */
function keysOf(path: string): string[] {
  if (path === '' || path === '.') return [];
  return path
    .split(/\[(?="|'|\d)|\.|(?<="|'|\d)]+/g)
    .filter((key) => key !== '')
    .map((key) => key.replace(/'|"/g, ''));
}

function ifPart(given: JsonObject, whole: JsonObject, transform: Transform): Part {
  const { exists } = given;
  if (!isJsonObject(exists)) return byLibrary(whole, transform);
  const [test, yes, no] = [exists, given['then'], given['else']].map((one) =>
    compile(one, transform),
  );
  const isElse = Boolean(given['else']);
  return (event) => {
    const found = test?.(event);
    if (found !== undefined && found !== null) return yes?.(event);
    return isElse ? no?.(event) : undefined;
  };
}

function byLibrary(value: Json, transform: Transform): Part {
  const mapping = { value };
  return (event) => transform(mapping, event)['value'];
}

const constants = new WeakSet<Part>();

function isConstant(part: Part): boolean {
  return constants.has(part);
}

function constant(value: Json | undefined): Part {
  const part: Part = () => copied(value);
  constants.add(part);
  return part;
}

/** As `removeUndefined` of the library copies: what it gives out is changed by those who get it. */
function copied(value: unknown): Json | undefined {
  if (typeof value !== 'object' || value === null) return value as Json | undefined;
  if (Array.isArray(value)) return value.map((item) => copied(item) ?? null);
  const made: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const copy = copied(item);
    if (copy !== undefined) made[key] = copy;
  }
  return made;
}

/** Every key but `_metadata` begins with an `@`. */
function isDirective(value: JsonObject): boolean {
  const keys = Object.keys(value);
  if (!keys.some((key) => key.startsWith('@'))) return false;
  return keys.every((key) => key.startsWith('@') || key === '_metadata');
}
