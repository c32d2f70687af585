import { createHash } from 'node:crypto';
import type { Json } from '../json.ts';

/**
 * Whether a value belongs to this share, 0 to 1, of all values: the same value always gives the same answer, on every
 * node. The first 8 bytes of the MD5 of its JSON are taken for a fraction.
 */
export function isSampled(value: Json, share: number): boolean {
  const digest = createHash('md5').update(JSON.stringify(value)).digest();
  return Number(digest.readBigUInt64BE()) / 2 ** 64 < share;
}
