import type { ClientSettings } from './client-settings.ts';
import type { ConnectedAudience } from './connected-audience.ts';
import type { DeliveryLimits } from './delivery-limits.ts';
import type { DeviceBundle, DeviceSubscription } from './device-mode.ts';
import type { FilterConfig } from './filters/filter-config.ts';
import type { ConnectedFunction, InsertFunction, SourceFunction } from './functions.ts';
import type { JsonObject } from './json.ts';
import type { OAuthConfig } from './oauth.ts';
import type { SubscriptionConfig } from './subscription-config.ts';
import type { SourcePlan, TrackingPlanConfig } from './tracking-plan.ts';
import type { TransformationConfig } from './transformations/transformation-config.ts';

/**
 * The configuration as the data plane sees it: immutable, versioned, swapped whole. The control
 * plane makes one after each change; it travels over the bus and lies on disk, so that a node starts
 * from the last one while the control plane is down.
 */
export interface Snapshot {
  /** Grows with each change. A lower one never replaces a higher one. */
  readonly version: number;
  readonly workspace: { readonly id: string; readonly slug: string; readonly name: string };
  readonly sources: readonly SourceConfig[];
  readonly connections: readonly ConnectionConfig[];
  /** Destinations in the browser; nothing is delivered to them from here. */
  readonly deviceDestinations?: readonly DeviceConfig[];
  readonly replays: readonly ReplayConfig[];
  /** Absent: there is none. */
  readonly warehouses?: readonly WarehouseConfig[];
  /** Those that a source has. Absent: there are none. */
  readonly trackingPlans?: readonly TrackingPlanConfig[];
  /** Subscriptions that take the rows of a model. Absent: there are none. */
  readonly reverseEtl?: readonly ReverseEtlConfig[];
  /** SHA-256, as hex, of every access token: ingest asks for one before it shows metrics to others. */
  readonly tokenHashes?: readonly string[];
  /** Regulations that want something deleted and are not over. Absent while there is none. */
  readonly deletions?: number;
  /** Position of the newest of those that destinations and warehouses are told of. Absent while there is none. */
  readonly newestDeletion?: number;
  /** Position of the newest change of the table `suppression`; absent while there is none. See core/suppressions.ts. */
  readonly suppressions?: number;
  /** Absent until there is a first OAuth app. */
  readonly oauth?: OAuthConfig;
}

/** Limits of one source; absent ones fall to the server's defaults (seed 001, standard figures). */
export interface SourceLimits {
  /** Requests a second; 0 is off. */
  readonly requestsPerSecond?: number;
  /** Bytes of a batch request after inflation. */
  readonly requestBytes?: number;
  /** Bytes of one event. */
  readonly eventBytes?: number;
  /** Events in one batch. */
  readonly batchEvents?: number;
}

/** What a source asks for beyond taking events. An absent key asks for nothing. */
export interface SourcePolicy {
  /** Known bots and prefetches: `mark` sets `context.bot`, `refuse` makes them discards. Absent: taken like others. */
  readonly bots?: 'mark' | 'refuse';
  /**
   * Addresses of clients, also those in `context.ip`: `anonymize` zeroes the last octet of IPv4 and the
   * last 80 bits of IPv6, `drop` keeps none. Absent: kept as they are.
   */
  readonly ip?: 'anonymize' | 'drop';
  /** True: `context.location.country` is filled from the address. */
  readonly country?: boolean;
}

/** What is special about one of a source's write keys. */
export interface WriteKeyConfig {
  readonly key: string;
  /** Its events are test events: see `ConnectionConfig.takes`. */
  readonly test?: boolean;
  /** From this moment (ms) on it is refused. */
  readonly expiresAt?: number;
}

export interface SourceConfig {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly enabled: boolean;
  /** All accepted: several during a rotation. */
  readonly writeKeys: readonly string[];
  /** Those of them that are not plain keys for ever. */
  readonly specialKeys?: readonly WriteKeyConfig[];
  readonly limits: SourceLimits;
  readonly policy?: SourcePolicy;
  /** What its SDKs are told beyond the defaults. Its `plan` is in force for what the server delivers, too. */
  readonly clientSettings?: ClientSettings;
  /** The tracking plan that its events are held against. */
  readonly plan?: SourcePlan;
  /** What is done to its events before anybody gets them, in order. Absent: nothing. */
  readonly transformations?: readonly TransformationConfig[];
  /** The one region whose deployment takes its events. Absent: any. */
  readonly region?: string;
  /** Its events are taken only with an access token of an OAuth app that may write to it. */
  readonly requiresOAuth?: true;
  /** The source function that is deployed: it takes what comes to `/fn/<write key>`. Sensitive settings are sealed for the source. */
  readonly function?: SourceFunction;
  /** The insert function that its events go through, on and deployed. Sensitive settings are sealed for the instance. */
  readonly insert?: InsertFunction;
}

/** By what kind of write key the events come that a connection takes. */
export const keyModes = ['live', 'test', 'all'] as const;
export type KeyModes = (typeof keyModes)[number];

export function isKeyModes(text: string): text is KeyModes {
  return keyModes.some((mode) => mode === text);
}

/** A connection is one destination instance; it belongs to one source. */
export interface ConnectionConfig {
  /** Destination id. */
  readonly id: string;
  readonly sourceId: string;
  /** Catalogue slug of the definition, e.g. `webhooks`. */
  readonly slug: string;
  /** The definition's display name: the key of the `integrations` object, case-sensitive. */
  readonly integration: string;
  readonly enabled: boolean;
  /** Events received before this moment (ms) are not its own: creation, or the last time it was enabled. */
  readonly since: number;
  /** Absent: `live`, so that test events stay in the tail alone. */
  readonly takes?: KeyModes;
  /** A user must have consented to all of them. Absent: to none. */
  readonly consentCategories?: readonly string[];
  /** Set by a user. Absent: there are none. */
  readonly deliveryLimits?: DeliveryLimits;
  /** Those that are on. Absent: there are none. */
  readonly filters?: readonly FilterConfig[];
  /** What is done to events behind the filters, in order. Absent: nothing. */
  readonly transformations?: readonly TransformationConfig[];
  /** Names of track events that the source's schema does not give to this destination. Absent: there are none. */
  readonly eventsOff?: readonly string[];
  /** Of a destination of actions, those that are on and take events. Absent: there are none. */
  readonly subscriptions?: readonly SubscriptionConfig[];
  /** The audiences that it is connected to. Absent: there are none. */
  readonly audiences?: readonly ConnectedAudience[];
  /**
   * The destination function that is deployed; `slug` is then `functionDestinationSlug`, and `integration`
   * is `<function name> (<workspace name>)`. Absent while none is deployed.
   */
  readonly function?: ConnectedFunction;
  /** The insert function that is on and deployed. Sensitive settings are sealed for the instance. */
  readonly insert?: InsertFunction;
  /** `DestinationKind.obstacle`: every event becomes a discard that says so. */
  readonly obstacle?: string;
  readonly settings: JsonObject;
}

/** A destination that analytics.js delivers to from the page. */
export interface DeviceConfig {
  readonly id: string;
  readonly sourceId: string;
  /** The key of the `integrations` object, as in `ConnectionConfig`. */
  readonly integration: string;
  readonly enabled: boolean;
  readonly bundle: DeviceBundle;
  /** Shown to everybody who opens the page. */
  readonly settings: JsonObject;
  readonly subscriptions: readonly DeviceSubscription[];
  /** Its filters, as `middlewareSettings.routingRules` has them. Absent: there are none. */
  readonly routingRules?: readonly JsonObject[];
  readonly consentCategories?: readonly string[];
}

/** A warehouse, and what is to be loaded into it. */
export interface WarehouseConfig {
  readonly id: string;
  /** Catalogue slug of its kind, e.g. `postgres`. */
  readonly slug: string;
  readonly enabled: boolean;
  /** With the defaults of the kind; secrets sealed until the loader opens them (owner: the id). */
  readonly settings: JsonObject;
  readonly sources: readonly WarehouseSource[];
  /** Absent: the default of its kind. */
  readonly schedule?: SyncSchedule;
  /** Syncs that were asked for; those that have ended may be among them. Absent: there are none. */
  readonly requests?: readonly SyncRequest[];
}

/** A sync, at once, or a back-fill: the events of [from, to) once more. */
export interface SyncRequest {
  readonly id: string;
  /** Milliseconds since the epoch. `from` without `to`: up to the moment at which it runs. */
  readonly from?: number;
  readonly to?: number;
  /** A back-fill of one source. Absent: of all of the warehouse. */
  readonly sourceId?: string;
  /** A back-fill of one collection alone, named as selective sync names it. */
  readonly collection?: string;
}

export interface WarehouseSource {
  readonly sourceId: string;
  /** Events received before this moment (ms) are loaded only by a back-fill. */
  readonly since: number;
  /** What selective sync was told, in no order. Absent: everything is loaded. */
  readonly overrides?: readonly SyncOverride[];
}

/** The more exact one counts: property before collection before the source as a whole. */
export interface SyncOverride {
  /** Absent: the source as a whole. */
  readonly collection?: string;
  /** Absent: the collection as a whole. */
  readonly property?: string;
  readonly enabled: boolean;
}

/** When a warehouse is loaded: at hours of the day, or as `plan` says. */
export interface SyncSchedule {
  /** False: the hours do not count; where there is no plan, the default of the kind does. */
  readonly enabled: boolean;
  readonly times: readonly { readonly hourOfDay: number; readonly enabled: boolean }[];
  /** IANA name. */
  readonly timezone: string;
  /** In place of hours. */
  readonly plan?: SyncPlan;
  /** When it was set, ms: what was due before is not made up for. Absent: by a version that did not keep it. */
  readonly setAt?: number;
}

/** `MANUAL`: only when somebody asks. */
export type SyncPlan = ReverseEtlSchedule | { readonly strategy: 'MANUAL' };

/** A subscription of a connection that takes the rows of a model: reverse ETL. */
export interface ReverseEtlConfig {
  readonly connectionId: string;
  readonly subscription: SubscriptionConfig;
  /** False: it, its model or its destination is off. What was delivered stays known. */
  readonly enabled: boolean;
  readonly model: {
    readonly id: string;
    readonly sourceId: string;
    /** SQL. */
    readonly query: string;
    /** The column by which a row is known again. */
    readonly identifierColumn: string;
  };
  /** Where the query runs: the warehouse that the source's setting `warehouseId` names, else the first that is loaded from it. */
  readonly warehouseId?: string;
  /** Absent: it runs when somebody asks. */
  readonly schedule?: ReverseEtlSchedule;
  /** Ids of its syncs that were asked for, or have begun, and have not ended; oldest first. */
  readonly open: readonly string[];
}

export type ReverseEtlSchedule =
  | { readonly strategy: 'PERIODIC'; readonly everyMs: number }
  /** Days of the week, 0 is Sunday. */
  | {
      readonly strategy: 'SPECIFIC_DAYS';
      readonly days: readonly number[];
      readonly hours: readonly number[];
      readonly timezone: string;
    }
  /** Five fields. */
  | { readonly strategy: 'CRON'; readonly spec: string; readonly timezone: string };

/** A temporary second cursor of a connection over the events received in [from, to). */
export interface ReplayConfig {
  readonly id: string;
  readonly connectionId: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** How the data plane holds the current snapshot. */
export interface SnapshotHolder {
  readonly current: Snapshot;
  /** Calls `listener` after each swap; returns the unsubscribe. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
}
