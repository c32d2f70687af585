import type { Kysely } from 'kysely';

/**
 * The seam to the state store. Features write kysely queries against the tables of `core/tables/*`;
 * no dialect SQL outside `storage/state`. A store has one writing process; others open it for reading.
 */
export interface StateStore<Tables> {
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
}

/** The databases of a node. */
export const databases = {
  /** Configuration and control, written by the control process. */
  state: 'state',
  /** Cursors, parked events, delivery metrics, written by the worker. */
  work: 'work',
} as const;
export type DatabaseName = keyof typeof databases;
