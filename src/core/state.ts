import type { Kysely } from 'kysely';
import type { Leases } from './lease.ts';

/**
 * The seam to the state store. Features write kysely queries against the tables of `core/tables/*`;
 * no dialect SQL outside `storage/state`. The same queries run on every engine and give the same: times
 * and counts as numbers (exact up to 2^53), booleans as 0 and 1, objects as JSON text, texts in the order
 * of their bytes. A text cannot hold U+0000.
 *
 * An embedded database has one writing process; others open it for reading. A database server has many:
 * a writing transaction that reads before it writes begins with a write that makes others wait
 * (`nextRevision`, `assertHeld`), and one that reads several tables as of one moment asks for the
 * isolation level `repeatable read`.
 */
export interface StateStore<Tables> {
  readonly db: Kysely<Tables>;
  /** Of this database. Released when the store closes. */
  readonly leases: Leases;
  /**
   * Calls `onChange` with the workspace's revision whenever it may have been changed, by another node too:
   * within a second, and whatever was missed while the connection was down. Returns the end of it. Never
   * called where this process is the only writer, nor for the `work` database.
   */
  watchRevision(onChange: (revision: number) => void): () => void;
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
