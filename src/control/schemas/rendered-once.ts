import type { JsonObject } from '../../core/json.ts';
import { schemaJson } from '../public-api/frame/schema-json.ts';
import type { TSchema } from './type.ts';

const marked = new WeakSet<object>();
/** How parts of a marked schema are written, for all answers that have them. */
const writers = new WeakMap<object, (value: object) => string>();

/**
 * Marks a part of answers that is the same object in many of them: its text is made once for each object and kept
 * as long as that. A list of 200 destinations of one kind has the kind's metadata 200 times, up to 130 KB each.
 * What is marked must not change once it was answered.
 */
export function renderedOnce<Schema extends TSchema>(schema: Schema): Schema {
  const copy = { ...schema };
  marked.add(copy);
  return copy;
}

type Serialize = (data: unknown) => string;
type Compile = (schema: JsonObject) => Serialize;

/** What `compile` makes of a schema, with the parts that are marked rendered once. */
export function compileRendered(schema: object, compile: Compile): Serialize {
  const texts: string[] = [];
  const place = placing(schema, compile, (text) => texts.push(text) - 1);
  if (place === undefined) return compile(schemaJson(schema));
  const serialize = compile(placeless(schema));
  return (data) => {
    try {
      // No other text can hold a bare NUL: JSON escapes it.
      return serialize(place(data)).replaceAll(/"\0(\d+)"/g, (_, index) => texts[index] ?? '');
    } finally {
      texts.length = 0;
    }
  };
}

/** Puts a token in the place of each marked part, in copies of what holds it; undefined where nothing is marked. */
type Place = (value: unknown) => unknown;

function placing(
  schema: unknown,
  compile: Compile,
  keep: (text: string) => number,
): Place | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if (marked.has(schema)) {
    const text = writers.get(schema) ?? writerOf(schema, compile);
    writers.set(schema, text);
    return (value) => (isObject(value) ? `\0${keep(text(value))}` : value);
  }
  if ('items' in schema) {
    const item = placing(schema.items, compile, keep);
    return item && ((value) => (Array.isArray(value) ? value.map(item) : value));
  }
  if (!('properties' in schema)) return undefined;
  const places = Object.entries(Object(schema.properties)).flatMap(([name, property]) => {
    const one = placing(property, compile, keep);
    return one === undefined ? [] : [[name, one] as const];
  });
  if (places.length === 0) return undefined;
  return (value) =>
    isObject(value)
      ? Object.assign(
          { ...value },
          ...places.map(([name, one]) => ({ [name]: one(Reflect.get(value, name)) })),
        )
      : value;
}

function writerOf(schema: object, compile: Compile): (value: object) => string {
  const made = new WeakMap<object, string>();
  let serialize: Serialize | undefined;
  return (value) => {
    const known = made.get(value);
    if (known !== undefined) return known;
    serialize ??= compile(schemaJson(schema));
    const text = serialize(value);
    made.set(value, text);
    return text;
  };
}

/** The schema with texts that are written as they are in the places of the marked parts. */
function placeless(schema: object): JsonObject {
  return JSON.parse(
    JSON.stringify(schema, (_key, node: unknown) =>
      isObject(node) && marked.has(node) ? { type: 'string', format: 'unsafe' } : node,
    ),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
