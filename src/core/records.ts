import type { DiscardCode, DiscardStage } from './discard-codes.ts';
import type { EventType } from './event.ts';
import type { Offset } from './event-log.ts';
import type { Exchange } from './exchange.ts';
import type { LaneName } from './redelivery.ts';

/** Record kinds. Numbers are on disk: never reuse one. */
export const recordKinds = {
  /** `accepted`: one request; body = its JSON (inflated), meta = `AcceptedMeta`. */
  request: 1,
  /** `events`: one event; body = its JSON as destinations get it, meta = `EventMeta`. */
  event: 2,
  /** `events`, `results`, `discards`: one discard; body = the event's JSON ('' when none), meta = `DiscardMeta`. */
  discard: 3,
  /** `results`: a delivery that succeeded, written only while its source is watched; meta = `OutcomeMeta`. */
  delivered: 4,
  /** `results`: a failed attempt that will be repeated; meta = `OutcomeMeta`. */
  retrying: 5,
  /** `seen`: dedupe keys of one input range; body = packed keys, meta = `SeenMeta`. */
  keys: 6,
  /** `events`: one object for the warehouses; body = a `StoredObject` as JSON, meta = `ObjectMeta` (core/objects.ts). */
  object: 7,
  /** `accepted`: a request to a source function; body = a `StagedRequest` as JSON, meta = `AcceptedMeta`. */
  webhook: 8,
} as const;

/** One item of a request that ingest refused: index in the batch (0 for a single call), code, field at fault. */
export type RefusedItem = readonly [index: number, code: DiscardCode, field?: string];

/** What ingest stamps on a request. Stored once; process turns it into the stamps of each event. */
export interface AcceptedMeta {
  /** Milliseconds since the epoch; one for all items of the request. */
  readonly t: number;
  /** The call of a single-event path; absent for a batch. */
  readonly call?: EventType;
  /** Items of a batch, for counting without parsing it; absent for a single call. */
  readonly n?: number;
  /** Address of the connection, IPv4 or IPv6 text. */
  readonly ip?: string;
  /** User-Agent header, at most 1 KB. */
  readonly ua?: string;
  /** Items that were refused; every other item is good. */
  readonly refused?: readonly RefusedItem[];
  /** Random 32 hex digits, present when an item lacks a messageId: see `process/message-id`. */
  readonly nonce?: string;
  /** It came by a test key. */
  readonly test?: true;
  /** Its headers say that nobody has asked for it yet: `Purpose: prefetch` and the like. Only where the source asks. */
  readonly prefetch?: true;
  /** It was a discard and is sent again (`core/redelivery.ts`). */
  readonly again?: Again;
  /** The whole request is a discard (disabled source, empty batch): nothing of it becomes an event. */
  readonly discard?: DiscardCode;
}

/** What is said of a request that was a discard. */
export interface Again {
  /** receivedAt of the first time, milliseconds. */
  readonly t: number;
  /** Another source has blocked it and forwards it here: this one does not block it again. */
  readonly forwarded?: true;
  /** Id of the discard, by which the event is admitted, where its messageId is known already. */
  readonly by?: string;
  /** The same, and the lane that it is for: the body is an event already. */
  readonly of?: { readonly id: string; readonly lane: LaneName };
}

/** Where an event came from: readers skip a stamp not above the last they took. Compared input first, then item. */
export interface Stamp {
  readonly input: Offset;
  readonly item: number;
}

/** Short keys: this is stored with each event. */
export interface EventMeta {
  /** Stamp: offset of the request in `accepted`. */
  readonly i: Offset;
  /** Stamp: index of the item in the request. */
  readonly n: number;
  /** receivedAt, milliseconds. */
  readonly t: number;
  readonly type: EventType;
  /** messageId. */
  readonly id: string;
  /** userId, anonymousId, previousId: the keys that order delivery. */
  readonly u?: string;
  readonly a?: string;
  readonly p?: string;
  /** It came by a test key. */
  readonly test?: true;
  /** `staged`: its source's plan and transformations have not had it yet, because its insert function comes first. */
  readonly raw?: true;
  /** `staged`: as `Again.forwarded` says of its request. */
  readonly forwarded?: true;
  /** What deliver asks of every event, so that it parses none which it sends as it stands. Absent in older records. */
  readonly k?: EventBrief;
  /**
   * `events`: it has been through the insert function of its source. It stands behind later input than its own, and
   * is never there twice: its stamp tells readers nothing.
   */
  readonly staged?: true;
  /** In older records: sent again after the insert function of its source had given it up, and counted when it came first. */
  readonly counted?: true;
  /**
   * Sent again from discards, for this lane alone. Every other reader has had the event, as the
   * first one of its messageId, and passes over this one.
   */
  readonly lane?: LaneName;
}

/**
 * Of an event: its name and its app's version, as they are counted (`countedName`, `countedVersion`), and 1 when it
 * goes wherever it may: it turns no integration off, has no options for one, and none has had it in the browser.
 */
export type EventBrief = readonly [name: string, version: string, goesAnywhere: 0 | 1];

export interface DiscardMeta {
  /** Unique and stable: derived from the stamp, the connection and the code. */
  readonly id: string;
  readonly stage: DiscardStage;
  readonly code: DiscardCode;
  /** When it was discarded, milliseconds. */
  readonly t: number;
  /** In words: which field, or what the destination answered. */
  readonly message: string;
  readonly field?: string;
  readonly messageId?: string;
  readonly type?: string;
  readonly event?: string;
  /** The insert function of its source, or a source function, has given it up. */
  readonly staged?: true;
  /** While somebody watches: the requests of the last attempt. Of a batch, with its first event alone. */
  readonly exchanges?: readonly Exchange[];
  /** Destination (connection) id, for the deliver stage. */
  readonly destination?: string;
  readonly attempts?: number;
  /** For one record that stands for several events (`expired`, or above the quota of discards): the range and their number. */
  readonly from?: Offset;
  readonly to?: Offset;
  readonly count?: number;
}

export interface OutcomeMeta {
  readonly t: number;
  readonly destination: string;
  readonly messageId: string;
  readonly type: EventType;
  readonly attempts: number;
  /** HTTP status of the answer, when there was one. */
  readonly status?: number;
  readonly message?: string;
  /** As in `DiscardMeta`. */
  readonly exchanges?: readonly Exchange[];
  /** For `retrying`: when the next attempt is due, milliseconds. */
  readonly next?: number;
}

export interface SeenMeta {
  /** Input range [from, to) of `accepted` whose keys the record holds. */
  readonly from: Offset;
  readonly to: Offset;
}
