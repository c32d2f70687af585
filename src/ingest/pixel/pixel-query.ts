import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** Parts of a dotted name that become objects; a longer name stays one key. */
const mostParts = 16;

/** A query as an event: what it holds, and whether that could be read. */
export interface PixelQuery {
  readonly event: JsonObject;
  readonly isReadable: boolean;
}

/**
 * The event of a pixel's query (spec tracking-api §2.3): `data` holds it as JSON, in base64 of either alphabet,
 * padded or not, or as it is; without `data`, each parameter is a field, dots going into objects, all values
 * texts. What cannot be read is kept as it came, so that a discard shows it.
 */
export function pixelQuery(url: string): PixelQuery {
  const mark = url.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark));
  const data = query.get('data');
  if (data === null) return { event: dottedEvent(query), isReadable: true };
  const event = parseObject(data.trimStart().startsWith('{') ? data : decoded(data));
  const writeKey = query.get('writeKey');
  if (event === undefined) {
    return { event: { data, ...(writeKey !== null && { writeKey }) }, isReadable: false };
  }
  return { event, isReadable: true };
}

/** In a query, `+` reads as a space. */
function decoded(data: string): string {
  return Buffer.from(data.replaceAll(' ', '+'), 'base64').toString();
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Told by the result: nothing that could be read.
    return undefined;
  }
}

/** Objects without a prototype, so that `__proto__` is a name like any other. */
type Node = Map<string, Node | string>;

function dottedEvent(query: URLSearchParams): JsonObject {
  const root: Node = new Map();
  for (const [name, value] of query) {
    const parts = name.split('.');
    if (parts.length > mostParts) root.set(name, value);
    else put(root, parts, value);
  }
  return objectOf(root);
}

function put(root: Node, parts: readonly string[], value: string): void {
  let node = root;
  for (const part of parts.slice(0, -1)) {
    const below = node.get(part);
    const next: Node = below instanceof Map ? below : new Map();
    node.set(part, next);
    node = next;
  }
  node.set(parts.at(-1) ?? '', value);
}

function objectOf(node: Node): JsonObject {
  const entries = Array.from(node, ([name, value]): [string, string | JsonObject] => [
    name,
    typeof value === 'string' ? value : objectOf(value),
  ]);
  return Object.fromEntries(entries);
}
