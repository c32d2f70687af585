import type { ColumnType } from 'kysely';

type Fixed<T> = ColumnType<T, T, never>;

/** Tables of the `state` database about delivery one can trust; conventions as in control-tables.ts. */
export interface DeliveryTables {
  alert: AlertTable;
  resent_discard: ResentDiscardTable;
}

/** A discard that was sent again; kept for as long as the discard itself may be. */
interface ResentDiscardTable {
  id: Fixed<string>;
  resent_at: Fixed<number>;
}

/**
 * Bounds that an operator watches, what was found of them, and what is still to be told. Times are
 * milliseconds since the epoch.
 */
export interface AlertTable {
  id: Fixed<string>;
  position: Fixed<number>;
  name: string;
  enabled: number;
  /** `SUCCESS_RATE`, `LAG_SECONDS` or `VOLUME`. */
  metric: Fixed<string>;
  /** One of the two: the volume is that of a source, the others are of a destination. */
  source_id: Fixed<string | null>;
  destination_id: Fixed<string | null>;
  /** One of them at least: less, or more, is out of bounds. */
  below: number | null;
  above: number | null;
  window_minutes: number;
  /** Sealed, for it is often a secret by itself; null: the log alone. */
  webhook_url: string | null;
  /** `OK` or `ALERTING`. */
  status: string;
  /** Measured last; null while nothing could be. */
  value: number | null;
  /** Measurements within bounds in a row, while it is alerting. */
  calm: number;
  changed_at: number | null;
  evaluated_at: number | null;
  /** A list of `AlertNotice` that the webhook has not taken, oldest first. */
  pending: string;
  /** Why it has not; null once it has. */
  last_error: string | null;
  created_at: Fixed<number>;
}
