import type { DiscardCode } from './discard-codes.ts';
import type { EventType } from './event.ts';

/**
 * A discard on its way back into `accepted`, by way of ingest: control has read it, the log that
 * ingest writes takes it. What was refused before it was an event is judged anew; what was one
 * already (the deliver stage) becomes it again, unchanged, for the lane that gave it up.
 */
export interface Redelivery {
  /** `DiscardMeta.id`: one that is given twice is admitted once. */
  readonly id: string;
  /** Id of the source. */
  readonly source: string;
  /** Its payload, as it stands in the discard. */
  readonly body: string;
  /** The call, where the payload need not say it. */
  readonly call?: EventType;
  /** receivedAt of the first time, milliseconds. */
  readonly receivedAt: number;
  /** Another source has blocked it and forwards it here: this one does not block it again. */
  readonly forwarded?: true;
  /** Present for the deliver stage. */
  readonly lane?: LaneName;
  /**
   * A function of the source gave it up. `event`: judged anew, and admitted by its id, for its messageId is known already.
   * `request`: a `StagedRequest`, which goes to the source function again.
   */
  readonly staged?: 'event' | 'request';
}

/** Which lane an event is for: the id of its destination (connection), and that of the lane. */
export type LaneName = readonly [connection: string, lane: string];

/** What came of one, in the order they were given. `refused`: by the rules of ingest; `failed`: to be tried again. */
export type RedeliveryOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly code: DiscardCode | 'unknown_source' }
  | { readonly kind: 'failed'; readonly message: string };

/** Hands discards to the process that takes events in; resolves once what was accepted is durable. Never rejects. */
export type Redeliver = (items: readonly Redelivery[]) => Promise<readonly RedeliveryOutcome[]>;
