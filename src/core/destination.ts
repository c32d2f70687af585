import type { ConnectedAudience } from './connected-audience.ts';
import type { DeletedUser, UserDeletion } from './deletion.ts';
import type { DiscardCode } from './discard-codes.ts';
import type { Event, EventType } from './event.ts';
import type { ConnectedFunction } from './functions.ts';
import type { Http } from './http.ts';
import type { JsonObject } from './json.ts';
import type { EventMeta } from './records.ts';
import type { SubscriptionConfig } from './subscription-config.ts';

/** One setting a destination takes; the catalogue shows it and the control plane validates with it. */
export interface SettingOption {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: 'string' | 'boolean' | 'number' | 'text-map' | 'array' | 'password';
  readonly required: boolean;
  readonly defaultValue?: string | number | boolean | JsonObject | readonly string[];
}

/** What the catalogue says of a kind of destination, wherever its code runs. Plain data. */
export interface DestinationKind {
  /** Stable 24-hex id, the `metadataId` of the Public API. */
  readonly id: string;
  readonly slug: string;
  /** Display name; also the key in an event's `integrations` object. */
  readonly name: string;
  readonly description: string;
  readonly website: string;
  readonly categories: readonly string[];
  readonly supports: readonly EventType[];
  readonly options: readonly SettingOption[];
  /** Why it cannot be delivered to from here, as a sentence: every event is then a discard that says so. */
  readonly obstacle?: string;
}

/** A kind of destination that the server delivers to: catalogue data and the code that sends. */
export interface DestinationDefinition extends DestinationKind {
  /** It is no destination of users: `integrations` says nothing of it. */
  readonly takesAll?: true;
  /**
   * The independent targets of these settings: each gets its own cursor, retries and circuit, so a
   * dead one delays itself alone. Pure. The id is stable for the same target.
   */
  lanes(settings: JsonObject, owner: LaneOwner): LaneResult;
  /**
   * Asks the vendor to delete what it has of an end user (`onDelete`). Asking twice does no harm. Never throws for what the
   * far end did, and ends by itself. Absent: no such destination can be asked.
   */
  deleteUser?(
    connection: DeletingConnection,
    user: DeletedUser,
    context: DeleteContext,
  ): Promise<UserDeletion>;
}

/** The connection whose vendor is asked. */
export interface DeletingConnection {
  readonly id: string;
  /** Secrets opened. */
  readonly settings: JsonObject;
  /** Of a destination function. */
  readonly function?: ConnectedFunction;
}

export interface DeleteContext {
  readonly http: Http;
  readonly signal: AbortSignal;
  /** Id of the regulation that asks for it. */
  readonly regulation: string;
  /** When it was asked for, milliseconds since the epoch. */
  readonly askedAt: number;
}

/** The connection whose lanes are made. */
export interface LaneOwner {
  readonly connection: string;
  readonly subscriptions: readonly SubscriptionConfig[];
  /** Absent: it is connected to none. */
  readonly audiences?: readonly ConnectedAudience[];
  /** Of a destination function. */
  readonly function?: ConnectedFunction;
}

/** Settings that cannot work yield `problem`: every event is then discarded as `invalid_settings`. */
export type LaneResult =
  | { readonly ok: true; readonly lanes: readonly Lane[] }
  | { readonly ok: false; readonly problem: string };

export interface Lane {
  readonly id: string;
  /** Why it takes no such event: then none is sent. Absent: it takes all that `supports` names. */
  refuse?(event: Event): DiscardCode | undefined;
  /** Sends one event. Called in parallel for events that share no user; must honour `signal`. Never throws for what the far end did. */
  send(event: Event, context: SendContext): Promise<DeliveryResult>;
  /**
   * In place of `send`, where the text of an event is all it needs: the event is then not parsed for it. Absent where
   * it is not.
   */
  sendText?(context: SendContext): Promise<DeliveryResult>;
  /** Absent: events are sent one by one. */
  readonly batches?: LaneBatches;
}

/** How a lane sends several events at once. */
export interface LaneBatches {
  /** Which others the event may be sent with, and how many at most; undefined: it goes alone, by `send`. */
  groupOf(event: Event): BatchGroup | undefined;
  /**
   * Sends events of one group; those of a user stand in their order. The answer has a result for each, in the
   * same order: one that fails does not fail the others. Called in parallel for batches that share no user.
   */
  sendBatch(
    batch: readonly BatchedEvent[],
    context: BatchContext,
  ): Promise<readonly DeliveryResult[]>;
}

export interface BatchGroup {
  /** Equal for events that may go together. */
  readonly key: string;
  readonly mostEvents: number;
}

/** An event of a batch: what `send` is given of one. */
export type BatchedEvent = Pick<SendContext, 'text' | 'memory'> & { readonly event: Event };
export type BatchContext = Pick<SendContext, 'http' | 'signal' | 'now'>;

export interface SendContext {
  readonly http: Http;
  readonly signal: AbortSignal;
  /** The event's JSON text: exactly as stored, unless a filter takes something away. */
  readonly text: string;
  /** What is stored with the event; absent for what comes from no log. */
  readonly meta?: EventMeta;
  /** The value of `integrations.<name>` when it is an object, else {}. */
  readonly options: JsonObject;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Wall clock, milliseconds since the epoch: to read a date in the far end's answer. */
  now(): number;
  /** Of this event and lane: what earlier attempts have left. A restart forgets it. */
  readonly memory?: SendMemory;
}

/** Of an event that has several parts, those that are settled: a later attempt leaves them out. */
export interface SendMemory {
  settled?: Map<string, DeliveryResult> | undefined;
}

export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly status?: number }
  /** Worth repeating: the event is parked. */
  | {
      readonly kind: 'retry';
      readonly message: string;
      readonly status?: number;
      readonly retryAfterMs?: number;
    }
  /** Not worth repeating. */
  | {
      readonly kind: 'discard';
      readonly code: DiscardCode;
      readonly message: string;
      readonly status?: number;
    };
