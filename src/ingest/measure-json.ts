import { isJsonObject, type Json } from '../core/json.ts';

/** A character takes at most six bytes of JSON (`\u0000`), a number at most this many characters. */
const numberBytes = 25;

/** True when objects and arrays of `value` are nested at most `depth` deep. Recurses no deeper itself. */
export function isWithinDepth(value: Json | undefined, depth: number): boolean {
  return sizeBound(value, depth) !== Number.POSITIVE_INFINITY;
}

/**
 * An upper bound of the bytes of `value` as JSON text, without making that text; infinite when it is
 * nested deeper than `depth`. Recurses no deeper than that itself.
 */
export function sizeBound(value: Json | undefined, depth: number): number {
  if (typeof value === 'string') return 6 * value.length + 2;
  if (typeof value !== 'object' || value === null) return numberBytes;
  if (depth === 0) return Number.POSITIVE_INFINITY;
  let bytes = 2;
  if (isJsonObject(value)) {
    for (const key in value) bytes += 6 * key.length + 4 + sizeBound(value[key], depth - 1);
    return bytes;
  }
  for (let index = 0; index < value.length; index++)
    bytes += 1 + sizeBound(value[index], depth - 1);
  return bytes;
}
