import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Lease, Leases } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';

/** The work of a role on one partition, while it runs. */
export interface PartitionWork {
  /** For `/health`. */
  state(): JsonObject;
  /** Rejects when it cannot go on; never resolves before `stop`. */
  readonly done: Promise<void>;
  /** Finishes what is in flight, closes what is open. */
  stop(): Promise<void>;
}

export interface OwnedPartitionOptions {
  /** Of the lease: `<role>/<partition>`. */
  readonly name: string;
  readonly leases: Leases;
  /** Opens what the work needs. Rejects when it cannot, with nothing left open. */
  start(lease: Lease): Promise<PartitionWork>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * A partition that was given to this node: waits for its lease, works, and gives the lease back. When the lease is lost, or
 * the work ends with an operating error, it begins anew, after a pause that grows. Anything else is a bug and
 * ends the process.
 */
export class OwnedPartition {
  readonly #options: OwnedPartitionOptions;
  readonly #stopping = new AbortController();
  readonly #started = Promise.withResolvers<void>();
  readonly #done: Promise<void>;
  #work: PartitionWork | undefined;
  #isWaiting = false;
  #pauseMs: number = limits.restartFirstMs;

  constructor(options: OwnedPartitionOptions) {
    this.#options = options;
    // Whoever wants to know asks for it.
    this.#started.promise.catch(() => undefined);
    this.#done = this.#own();
  }

  /** Resolves when it works for the first time; rejects with what kept it from it. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Another has the lease. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** What the work says of itself; undefined while there is none. */
  get state(): JsonObject | undefined {
    return this.#work?.state();
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#done;
  }

  async #own(): Promise<void> {
    const { leases, name, clock, logger } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const since = clock.monotonic();
      try {
        this.#isWaiting = true;
        const lease = await leases.take(name, signal).finally(() => {
          this.#isWaiting = false;
        });
        try {
          await this.#hold(lease);
        } finally {
          await lease.release();
        }
      } catch (error) {
        this.#started.reject(error);
        if (error === signal.reason) return;
        if (!(error instanceof TributaryError)) throw error;
        const isTaken = error.code === 'lease_lost' || error.code === 'log_fenced';
        const message = isTaken
          ? 'another node has taken over a partition'
          : 'a partition cannot be worked on; it is tried again';
        logger[isTaken ? 'warn' : 'error']({ err: error, partition: name }, message);
      }
      await this.#pause(clock.monotonic() - since);
    }
  }

  async #hold(lease: Lease): Promise<void> {
    const { start } = this.#options;
    const { signal } = this.#stopping;
    const work = await start(lease);
    this.#work = work;
    this.#started.resolve();
    const ended = Promise.withResolvers<void>();
    const end = () => ended.resolve();
    signal.addEventListener('abort', end, { once: true });
    lease.lost.addEventListener('abort', end, { once: true });
    if (signal.aborted || lease.lost.aborted) end();
    try {
      await Promise.race([work.done, ended.promise]);
    } finally {
      signal.removeEventListener('abort', end);
      this.#work = undefined;
      await work.stop();
    }
  }

  async #pause(workedMs: number): Promise<void> {
    const { clock } = this.#options;
    const isWell = workedMs > limits.restartMostMs;
    this.#pauseMs = isWell
      ? limits.restartFirstMs
      : Math.min(this.#pauseMs * 2, limits.restartMostMs);
    await clock.sleep(this.#pauseMs, this.#stopping.signal);
  }
}
