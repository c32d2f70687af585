import { TributaryError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Client } from '../client.ts';
import type { FilePlace, KindName, KnownFunction, Options, Session } from './kind.ts';

const pageSize = 200;

/** All resources of a list of the Public API, page by page. */
export async function readAll(client: Client, path: string, name: string): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  let cursor: Json | undefined;
  do {
    const place =
      typeof cursor === 'string' ? `&pagination[cursor]=${encodeURIComponent(cursor)}` : '';
    const start = `${path}${path.includes('?') ? '&' : '?'}`;
    const data = await client.call('GET', `${start}pagination[count]=${pageSize}${place}`);
    all.push(...objects(data[name]));
    cursor = objectAt(data, 'pagination')['next'];
  } while (typeof cursor === 'string');
  return all;
}

export function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The items of a list that another one lacks. */
export function missing(list: readonly string[], from: readonly string[]): string[] {
  return list.filter((item) => !from.includes(item));
}

export function objectAt(value: JsonObject, name: string): JsonObject {
  const inner = value[name];
  return isJsonObject(inner) ? inner : {};
}

export function textAt(value: JsonObject, name: string): string {
  const inner = value[name];
  return typeof inner === 'string' ? inner : '';
}

/** The fields of an object that have a value, of those named. */
export function pick(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (value[name] === undefined ? [] : [[name, value[name]]])),
  );
}

/** What the catalogue says of the settings of a kind. */
export function optionsOf(metadata: JsonObject): Options {
  const all = objects(metadata['options']);
  const secret = all.filter((option) => option['type'] === 'password');
  return {
    secrets: new Set(secret.map((option) => textAt(option, 'name'))),
    defaults: Object.fromEntries(
      all.map((option) => [textAt(option, 'name'), option['defaultValue']]),
    ),
  };
}

/** The id of a resource that an item names. Throws `not_found`. */
export function idOf({ ids }: Session, kind: KindName, key: string): string {
  const id = ids.get(`${kind}/${key}`);
  if (id !== undefined) return id;
  throw new TributaryError('not_found', `Neither the files nor the server have ${kind}: ${key}`);
}

/** The key behind an id, as `idOf` in reverse; the id itself of what this token cannot see. */
export function keyOf({ ids }: Session, kind: KindName, id: string): string {
  const prefix = `${kind}/`;
  for (const [key, value] of ids) {
    if (value === id && key.startsWith(prefix)) return key.slice(prefix.length);
  }
  return id;
}

/** A function that an item names. Throws `not_found`. */
export function functionOf({ functions }: Session, name: string): KnownFunction {
  const known = functions.get(name);
  if (known !== undefined) return known;
  throw new TributaryError('not_found', `Neither the files nor the server have a function ${name}`);
}

/** Where a kind of source or destination is a function, its name; what it is made with differs from server to server. */
export function functionNamed({ functions }: Session, kindId: string): string | undefined {
  for (const [name, known] of functions) if (kindId !== '' && known.kindId === kindId) return name;
  return undefined;
}

/** What a source or destination is, in the words of the files. */
export function kindWords(session: Session, metadata: JsonObject): JsonObject {
  const name = functionNamed(session, textAt(metadata, 'id'));
  return name === undefined ? { kind: textAt(metadata, 'slug') } : { function: name };
}

/** What it is made with. */
export function metadataIdOf(session: Session, item: JsonObject): string {
  const { function: name } = item;
  return typeof name === 'string' ? functionOf(session, name).kindId : textAt(item, 'kind');
}

/** A source or destination is of a kind of the catalogue, or a function. */
export function oneOfKinds(item: JsonObject, { complain }: FilePlace): JsonObject {
  if ((item['kind'] === undefined) === (item['function'] === undefined)) {
    complain('must have one of kind and function');
  }
  return item;
}
