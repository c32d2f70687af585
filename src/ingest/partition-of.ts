import type { JsonObject } from '../core/json.ts';

/**
 * The partition of an event: a hash (FNV-1a, 32 bit) of its source and its anonymousId, else its
 * userId. It stays the same through identify, so that one visitor's events keep their order. It must
 * never change for a deployment that holds events.
 */
export function partitionOf(source: string, event: JsonObject, partitions: number): number {
  const { anonymousId, userId } = event;
  const key = typeof anonymousId === 'string' && anonymousId !== '' ? anonymousId : userId;
  const text = typeof key === 'string' ? `${source}\n${key}` : source;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % partitions;
}
