/** The region of a deployment that names none; it is Segment's default too (seed 001). */
export const defaultRegion = 'us';

const regionName = /^[a-z][a-z0-9-]{0,15}$/;
const markedKey = /^([a-z][a-z0-9-]{0,15})_[0-9A-Za-z]{32}$/;

/** `us`, `eu`, or any other short name. */
export function isRegion(text: string): boolean {
  return regionName.test(text);
}

/**
 * The region that a write key names: a deployment that was given a region writes it before the keys
 * it makes. Undefined for every other key.
 */
export function regionOfKey(key: string): string | undefined {
  return markedKey.exec(key)?.[1];
}
