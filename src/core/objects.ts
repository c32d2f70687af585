import type { JsonObject } from './json.ts';
import type { Stamp } from './records.ts';

/**
 * One object of the Objects API (`POST /v1/set`, the bulk `/v0/*` operations, `Segment.set` of functions) as the body
 * of a record of kind `object` in `events` (spec tracking-api §2.7). It feeds warehouses alone: a table a
 * collection, a row an id. Objects of the same source, collection and id stand in one partition, in the order of
 * their receipt: a later one is laid over the row, key by key; keys that it lacks stay, null clears one.
 */
export interface StoredObject extends JsonObject {
  /** `[a-z_]`, at most 100 characters, no `_` at its ends. */
  readonly collection: string;
  /** At most 100 characters. */
  readonly id: string;
  /** Text, number, boolean or null by name: no lists, no objects. Texts that are ISO dates are moments to a warehouse. */
  readonly properties: JsonObject;
  /** Stable for what was written once: a retry by the server itself has the same. */
  readonly messageId: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly receivedAt: string;
}

/** Meta of a record of kind `object`, as JSON. Its stamp is one among those of the events: readers skip what they took. */
export interface ObjectMeta {
  /** `Stamp.input`: offset of the request in `accepted`. */
  readonly i: Stamp['input'];
  /** `Stamp.item`: index of the item in the request. */
  readonly n: Stamp['item'];
  /** receivedAt, milliseconds. */
  readonly t: number;
  /** messageId. */
  readonly id: string;
  readonly collection: string;
  /** Id of the object. */
  readonly object: string;
  /** It came by a test key: see `ConnectionConfig.takes`. */
  readonly test?: true;
}

/** The type of an item of a request that is an object and no event; only ingest itself makes one. */
export const objectItemType = 'set';
