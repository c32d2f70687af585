import type { Kysely } from 'kysely';
import { TributaryError } from './errors.ts';
import type { LeaseTables } from './tables/lease-table.ts';

/**
 * The right to do what one node does at a time: to own a partition, to run a schedule.
 *
 * No node's wall clock is asked. The holder measures its time on its monotonic clock, from before it
 * asked; the database lets the next owner in when the time is over on its own clock, or when that owner
 * has seen nothing happen to the lease for as long. The holder stops a tenth earlier than that.
 *
 * A lease whose time is over is not lost yet: while nobody else has taken it, it goes on under the same
 * epoch as soon as it is renewed, so an outage of the database only pauses its holder. A database that
 * has forgotten commits, by a failover to a replica that lagged, ends every lease.
 */
export interface Lease {
  readonly name: string;
  /** Of this ownership: higher than that of any before. */
  readonly epoch: number;
  /** Whether its time still runs. To be asked right before anything that cannot be fenced. */
  holds(): boolean;
  /** Aborts when another owner has it, or it was released: it never holds again. */
  readonly lost: AbortSignal;
  /** Gives it back, so that the next owner need not wait. What was written under it stays valid. Never rejects. */
  release(): Promise<void>;
}

/**
 * The leases of one database. Each is renewed in the background until it is released or lost. In an
 * embedded database, which has one process, taking succeeds at once and nothing runs out; the epoch
 * grows all the same.
 */
export interface Leases {
  /** Undefined while another owner has it, also this very process. Rejects with `store_failed`. */
  tryTake(name: string): Promise<Lease | undefined>;
  /** Waits until it is free, through outages of the database too. Rejects with the reason of `stop`. */
  take(name: string, stop?: AbortSignal): Promise<Lease>;
}

/**
 * Called first in a writing transaction: refuses it with `lease_lost` when somebody has taken the lease
 * since. Until the transaction ends nobody can take it.
 */
export async function assertHeld(
  db: Kysely<LeaseTables>,
  { name, epoch }: Pick<Lease, 'name' | 'epoch'>,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('lease')
    .set({ epoch })
    .where('name', '=', name)
    .where('epoch', '=', epoch)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new TributaryError('lease_lost', `Another node has taken over ${name}`);
  }
}
