/**
 * Leases in the table `lease`, one row each. Only the database's clock is written and compared there: a
 * lease is free from `expires_at` on, and taking it raises its epoch in the same statement. A holder counts
 * from the moment before it sent the statement, so its own time is over first. After a crash the row stays
 * as it was and the next owner waits the rest of its time; but never longer than it has itself seen the row
 * unchanged for the time of a lease, wherever the database's clock has been set to meanwhile.
 */
import { type Kysely, type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { Lease, Leases } from '../../../core/lease.ts';
import { limits } from '../../../core/limits.ts';
import type { Logger } from '../../../core/logger.ts';
import { RenewedLease } from './renewed-lease.ts';

export interface PostgresLeasesOptions {
  /** Connections of its own, so that a renewal never waits behind queries. Closed with the leases. */
  readonly db: Kysely<unknown>;
  /** Of this life of this process: nobody else ever has the same. */
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tests shrink it; `limits.leaseMs`. */
  readonly leaseMs?: number;
}

/** What the holder stops earlier, as a share: clocks may run apart by that much. */
const margin = 0.1;
/** Renewals in the time of a lease. One that fails is soon tried again. */
const renewals = 4;

/** A row that was not free, and since when this process has seen it so. */
interface Seen {
  readonly epoch: number;
  readonly expiresAt: number;
  /** On the monotonic clock. */
  readonly since: number;
}

export class PostgresLeases implements Leases {
  readonly #options: PostgresLeasesOptions;
  readonly #leaseMs: number;
  readonly #held = new Set<RenewedLease>();
  readonly #seen = new Map<string, Seen>();
  readonly #closed = new AbortController();
  #cancel: (() => void) | undefined;
  #isDown = false;

  constructor(options: PostgresLeasesOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? limits.leaseMs;
  }

  async tryTake(name: string): Promise<Lease | undefined> {
    const from = this.#options.clock.monotonic();
    const epoch =
      (await this.#claim(name)) ?? ((await this.#see(name)) ? undefined : await this.#make(name));
    if (epoch === undefined) return undefined;
    this.#seen.delete(name);
    const lease = new RenewedLease(
      { name, epoch },
      this.#until(from),
      this.#options.clock,
      (given) => this.#giveBack(given),
    );
    this.#held.add(lease);
    this.#renewLater();
    return lease;
  }

  async take(name: string, stop?: AbortSignal): Promise<Lease> {
    const { clock, logger } = this.#options;
    const signal = AbortSignal.any([this.#closed.signal, ...(stop ? [stop] : [])]);
    const tellAt = clock.monotonic() + this.#leaseMs;
    let isTold = false;
    for (;;) {
      signal.throwIfAborted();
      if (!isTold && clock.monotonic() > tellAt) {
        isTold = true;
        logger.info({ lease: name }, 'another node has a lease that is waited for');
      }
      try {
        const lease = await this.tryTake(name);
        if (lease !== undefined) return lease;
      } catch (error) {
        if (!(error instanceof TributaryError)) throw error;
        logger.warn(
          { err: error, lease: name },
          'a lease cannot be asked for; still waiting for it',
        );
      }
      await clock.sleep(limits.leaseAskMs, signal);
    }
  }

  /** Releases what is held and waits for nothing more. */
  async close(): Promise<void> {
    this.#closed.abort(new TributaryError('store_failed', 'The state store is closed'));
    this.#cancel?.();
    await Promise.all([...this.#held].map((lease) => lease.release()));
    await this.#options.db.destroy();
  }

  /** Its new epoch; undefined while it is not free. */
  async #claim(name: string): Promise<number | undefined> {
    const { db, owner, clock } = this.#options;
    const seen = this.#seen.get(name);
    const isStale = seen !== undefined && clock.monotonic() - seen.since >= this.#leaseMs;
    const isAsSeen = isStale
      ? sql`or (epoch = ${seen.epoch} and expires_at = ${seen.expiresAt})`
      : sql``;
    const { rows } = await sql<{ epoch: number }>`
      update lease set owner = ${owner}, epoch = epoch + 1, expires_at = ${nowMs} + ${this.#leaseMs}
      where name = ${name} and (expires_at <= ${nowMs} ${isAsSeen})
      returning epoch`.execute(db);
    return rows[0]?.epoch;
  }

  /** Notes the row of a lease that is not free; false when there is none. */
  async #see(name: string): Promise<boolean> {
    const { rows } = await sql<{ epoch: number; expires_at: number }>`
      select epoch, expires_at from lease where name = ${name}`.execute(this.#options.db);
    const [row] = rows;
    if (row === undefined) return false;
    const { epoch, expires_at: expiresAt } = row;
    const seen = this.#seen.get(name);
    if (seen?.epoch !== epoch || seen.expiresAt !== expiresAt) {
      this.#seen.set(name, { epoch, expiresAt, since: this.#options.clock.monotonic() });
    }
    return true;
  }

  /** Takes a lease that nobody ever had. Undefined when somebody was first. */
  async #make(name: string): Promise<number | undefined> {
    await sql`
      insert into lease (name, owner, epoch, expires_at) values (${name}, '', 0, 0)
      on conflict do nothing`.execute(this.#options.db);
    return this.#claim(name);
  }

  async #giveBack(lease: RenewedLease): Promise<void> {
    this.#held.delete(lease);
    try {
      await sql`
        update lease set owner = '', expires_at = 0
        where name = ${lease.name} and epoch = ${lease.epoch}`.execute(this.#options.db);
    } catch (error) {
      // The next owner waits until its time is over.
      this.#options.logger.warn({ err: error, lease: lease.name }, 'a lease was not given back');
    }
  }

  #renewLater(ms = this.#leaseMs / renewals): void {
    if (this.#closed.signal.aborted) return;
    this.#cancel ??= this.#options.clock.after(ms, () => {
      void this.#renew().then((isDone) => {
        this.#cancel = undefined;
        const soon = Math.min(limits.leaseAskMs, this.#leaseMs / renewals);
        if (this.#held.size > 0) this.#renewLater(isDone ? undefined : soon);
      });
    });
  }

  /** False when the database did not say. */
  async #renew(): Promise<boolean> {
    const { clock, db, logger, owner } = this.#options;
    const asked = [...this.#held];
    if (asked.length === 0) return true;
    const from = clock.monotonic();
    try {
      const epochs = await this.#prolong(db, owner, asked);
      for (const lease of asked) {
        if (epochs.get(lease.name) === lease.epoch) lease.extend(this.#until(from));
        else this.#lose(lease);
      }
      if (this.#isDown) logger.info({}, 'leases are renewed again');
      this.#isDown = false;
      return true;
    } catch (error) {
      if (!this.#isDown) logger.warn({ err: error }, 'leases cannot be renewed');
      this.#isDown = true;
      return false;
    }
  }

  async #prolong(
    db: QueryExecutorProvider,
    owner: string,
    leases: readonly Lease[],
  ): Promise<ReadonlyMap<string, number>> {
    const names = sql.join(leases.map(({ name }) => name));
    const { rows } = await sql<{ name: string; epoch: number }>`
      update lease set expires_at = ${nowMs} + ${this.#leaseMs}
      where owner = ${owner} and name in (${names})
      returning name, epoch`.execute(db);
    return new Map(rows.map(({ name, epoch }) => [name, epoch]));
  }

  #lose(lease: RenewedLease): void {
    this.#held.delete(lease);
    if (lease.lost.aborted) return;
    this.#options.logger.warn({ lease: lease.name }, 'another node has taken over a lease');
    lease.lose();
  }

  #until(from: number): number {
    return from + this.#leaseMs * (1 - margin);
  }
}

/** The time of the statement itself, also when it had to wait for a lock; not that of its transaction. */
const nowMs: RawBuilder<number> = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
