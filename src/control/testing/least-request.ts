import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Operation } from '../public-api/frame/operation.ts';
import { schemaJson } from '../public-api/frame/schema-json.ts';
import { leastValue } from './least-value.ts';

/** A request of an operation that its schemas take, with the least in it. */
export interface LeastRequest {
  readonly path: string;
  readonly body: JsonObject | undefined;
}

/** `ids` says what stands in some parameters, wherever they are; every other one of the path is `x`. */
export function leastRequest(
  { path, query, body }: Operation,
  ids: Readonly<Record<string, string>> = {},
): LeastRequest {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x');
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(least(query && schemaJson(query), ids))) {
    text.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return {
    path: `${filled}?${text}`,
    body: body && least(schemaJson(body), ids),
  };
}

function least(schema: JsonObject | undefined, ids: Readonly<Record<string, string>>): JsonObject {
  if (schema === undefined) return {};
  const value: Json = leastValue(schema);
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const given = Object.entries(ids).filter(([name]) => name in properties);
  return { ...(isJsonObject(value) ? value : {}), ...Object.fromEntries(given) };
}
