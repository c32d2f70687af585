import type { ColumnType } from 'kysely';

type Fixed<T> = ColumnType<T, T, never>;

/** Tables of the `state` database about destinations; conventions as in control-tables.ts. */
export interface DestinationTables {
  destination: DestinationTable;
  replay: ReplayTable;
  destination_subscription: DestinationSubscriptionTable;
}

export interface DestinationTable {
  id: Fixed<string>;
  source_id: Fixed<string>;
  position: Fixed<number>;
  /** Id in the catalogue of destinations. */
  metadata_id: Fixed<string>;
  name: string | null;
  enabled: number;
  /** What was set, without the catalogue's defaults. */
  settings: string;
  /** Creation, or the last time it was enabled: events received earlier are not its own. */
  since: number;
  /** `KeyModes` of core/snapshot.ts. */
  takes: ColumnType<string, string | undefined, string>;
  /** A list of `DeviceSubscription` of core/device-mode.ts; null is what the catalogue says. */
  subscriptions: ColumnType<string | null, undefined, string | null>;
  /** `DeliveryLimits` of core/delivery-limits.ts. */
  delivery_limits: ColumnType<string, undefined, string>;
  /** A list of texts. */
  consent_categories: ColumnType<string, undefined, string>;
  /** `UNSPECIFIED` where the Config API left it open; null is as the kind runs. */
  connection_mode: ColumnType<string | null, string | null | undefined, string | null>;
  /** The last change of its name, settings or state; null is creation. */
  updated_at: ColumnType<number | null, undefined, number>;
  created_at: Fixed<number>;
}

/** What of a destination of actions is sent, and when. */
export interface DestinationSubscriptionTable {
  id: Fixed<string>;
  destination_id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  /** Id of the action in the catalogue. */
  action_id: Fixed<string>;
  action_slug: Fixed<string>;
  enabled: number;
  /** FQL. */
  trigger: string;
  /** The mapping. */
  settings: string;
  /** Reverse ETL: the model whose rows it takes; null is events. */
  model_id: string | null;
  /** Reverse ETL: when it runs. */
  schedule: string | null;
  created_at: Fixed<number>;
}

/** A temporary second cursor of a destination over the events received in [from_time, to_time). */
export interface ReplayTable {
  id: Fixed<string>;
  destination_id: Fixed<string>;
  position: Fixed<number>;
  from_time: Fixed<number>;
  to_time: Fixed<number>;
  created_at: Fixed<number>;
  /** When it ended, finished or cancelled; null while it runs. */
  ended_at: number | null;
  cancelled: number;
}
