import type { JsonObject } from '../core/json.ts';
import { objectItemType } from '../core/objects.ts';

/**
 * The partition of an event: a hash (FNV-1a, 32 bit) of its source and its anonymousId, else its
 * userId. It stays the same through identify, so that one visitor's events keep their order. It must
 * never change for a deployment that holds events.
 */
export function partitionOf(source: string, event: JsonObject, partitions: number): number {
  const { anonymousId, userId } = event;
  if (event['type'] === objectItemType)
    return hashOf(`${source}\n${objectKey(event)}`) % partitions;
  const key = typeof anonymousId === 'string' && anonymousId !== '' ? anonymousId : userId;
  const text = typeof key === 'string' ? `${source}\n${key}` : source;
  return hashOf(text) % partitions;
}

/** An object and what is written of it later stand in one partition. */
function objectKey({ collection, id }: JsonObject): string {
  return `${String(collection)}/${String(id)}`;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
