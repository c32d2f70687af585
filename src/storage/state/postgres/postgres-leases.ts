/**
 * Leases in the table `lease`, one row each. Only the database's clock is written and compared there: a
 * lease is free from `expires_at` on, and taking it raises its epoch in the same statement. A holder counts
 * from the moment before it sent the statement, so its own time is over first. After a crash the row stays
 * as it was and the next owner waits the rest of its time.
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
/** Renewals in the time of a lease: two may fail. */
const renewals = 4;

export class PostgresLeases implements Leases {
  readonly #options: PostgresLeasesOptions;
  readonly #leaseMs: number;
  readonly #held = new Set<RenewedLease>();
  readonly #closed = new AbortController();
  #cancel: (() => void) | undefined;

  constructor(options: PostgresLeasesOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? limits.leaseMs;
  }

  async tryTake(name: string): Promise<Lease | undefined> {
    const from = this.#options.clock.monotonic();
    const epoch =
      (await this.#claim(name)) ?? ((await this.#make(name)) && (await this.#claim(name)));
    if (epoch === undefined || epoch === false) return undefined;
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
    for (;;) {
      signal.throwIfAborted();
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
    const { rows } = await sql<{ epoch: number }>`
      update lease set owner = ${this.#options.owner}, epoch = epoch + 1,
        expires_at = ${nowMs} + ${this.#leaseMs}
      where name = ${name} and expires_at <= ${nowMs}
      returning epoch`.execute(this.#options.db);
    return rows[0]?.epoch;
  }

  /** True when there was none of this name. */
  async #make(name: string): Promise<boolean> {
    const { numAffectedRows } = await sql`
      insert into lease (name, owner, epoch, expires_at) values (${name}, '', 0, 0)
      on conflict do nothing`.execute(this.#options.db);
    return numAffectedRows === 1n;
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

  #renewLater(): void {
    if (this.#closed.signal.aborted) return;
    this.#cancel ??= this.#options.clock.after(this.#leaseMs / renewals, () => {
      void this.#renew().finally(() => {
        this.#cancel = undefined;
        if (this.#held.size > 0) this.#renewLater();
      });
    });
  }

  async #renew(): Promise<void> {
    const { clock, db, logger, owner } = this.#options;
    const asked = [...this.#held];
    if (asked.length === 0) return;
    const from = clock.monotonic();
    try {
      const epochs = await this.#prolong(db, owner, asked);
      for (const lease of asked) {
        if (epochs.get(lease.name) === lease.epoch) lease.extend(this.#until(from));
        else this.#lose(lease);
      }
    } catch (error) {
      logger.warn({ err: error }, 'leases cannot be renewed');
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
