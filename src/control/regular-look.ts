import type { Lease, Leases } from '../core/lease.ts';
import { withLease } from '../core/with-lease.ts';
import type { Environment } from './environment.ts';

export interface RegularLookOptions {
  readonly environment: Pick<Environment, 'clock' | 'logger'>;
  readonly leases: Leases;
  /** Of several nodes one looks at a time: who has this lease. */
  readonly lease: string;
  readonly everyMs: number;
  /** The signal comes with the end. */
  look(lease: Lease, signal: AbortSignal): Promise<void>;
  /** What is said of a look that failed; the next one comes all the same. */
  readonly failure: string;
}

/** Looks at something again and again, the first time after one interval. */
export class RegularLook {
  readonly #options: RegularLookOptions;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;

  constructor(options: RegularLookOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** Resolves when nothing is looked at any more. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { environment, leases, lease: name, everyMs, look, failure } = this.#options;
    const { signal } = this.#stopping;
    for (;;) {
      await environment.clock.sleep(everyMs, signal);
      if (signal.aborted) return;
      try {
        await withLease(leases, name, (lease) => look(lease, signal));
      } catch (error) {
        environment.logger.error({ err: error }, failure);
      }
    }
  }
}
