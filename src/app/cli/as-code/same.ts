import { isDeepStrictEqual } from 'node:util';
import { isMasked, maskSecret } from '../../../control/catalog/masked.ts';
import { isJsonObject, type Json } from '../../../core/json.ts';

/**
 * Whether what is wanted holds already. A masked secret that is wanted is whatever is stored; one that is
 * shown is compared by its mask, which is all that leaves the server.
 */
export function same(wanted: Json | undefined, present: Json | undefined): boolean {
  if (isMasked(wanted)) return true;
  const isPlain = typeof wanted === 'string' || typeof wanted === 'boolean';
  if (isPlain && isMasked(present)) return maskSecret(String(wanted)) === present;
  if (Array.isArray(wanted) && Array.isArray(present)) {
    return (
      wanted.length === present.length && wanted.every((item, index) => same(item, present[index]))
    );
  }
  if (isJsonObject(wanted) && isJsonObject(present)) {
    const names = new Set([...Object.keys(wanted), ...Object.keys(present)]);
    return [...names].every((name) => same(wanted[name], present[name]));
  }
  return wanted === present;
}

/** Whether something of it is a mask. */
export function hasMask(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasMask);
  if (isJsonObject(value)) return Object.values(value).some(hasMask);
  return isMasked(value);
}

/** Equal to the letter; of an object, what is wanted. */
export function equal(wanted: Json | undefined, present: Json | undefined): boolean {
  if (!isJsonObject(wanted) || !isJsonObject(present)) return isDeepStrictEqual(wanted, present);
  return Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(value, present[name]));
}

/** As `same`, but of objects only what is wanted is looked at. */
export function within(wanted: Json | undefined, present: Json | undefined): boolean {
  if (!isJsonObject(wanted) || !isJsonObject(present)) return same(wanted, present);
  return Object.entries(wanted).every(([name, value]) => within(value, present[name]));
}

/** A list in an order of its own, so that two with the same items compare as the same. */
export function sorted(list: Json | undefined): Json | undefined {
  if (!Array.isArray(list)) return list;
  return list.toSorted((a, b) => (handle(a) < handle(b) ? -1 : 1));
}

/** What an item of an unordered list is known by, whatever the order of its keys. */
function handle(item: Json): string {
  if (!isJsonObject(item)) return String(item);
  return String(item['title'] ?? item['name'] ?? `${item['key']}:${item['value']}`);
}
