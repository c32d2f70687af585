import type { Snapshot } from '../../core/snapshot.ts';
import type { Environment } from '../environment.ts';

export interface SweepOptions {
  readonly environment: Pick<Environment, 'clock' | 'logger'>;
  readonly everyMs: number;
  /** Whether the configuration has something to sweep. */
  isNeeded(snapshot: Snapshot): boolean;
  /** Resolves with the revision of what was changed, undefined when nothing was. */
  sweep(): Promise<number | undefined>;
  /** Resolves when the change is in force here (`RevisionFollower.committed`). */
  committed(revision: number): Promise<void>;
  /** What is said of a sweep that failed; the next one comes all the same. */
  readonly failure: string;
}

/** Brings what workers have written into the configuration. A timer runs only while there is something to sweep. */
export class Sweep {
  readonly #options: SweepOptions;
  #newest: Snapshot | undefined;
  #cancel: (() => void) | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** To be called with each snapshot. */
  schedule(snapshot: Snapshot): void {
    this.#newest = snapshot;
    const { environment, everyMs, isNeeded } = this.#options;
    if (this.#closed || this.#cancel !== undefined || !isNeeded(snapshot)) return;
    this.#cancel = environment.clock.after(everyMs, () => {
      this.#sweeping = this.#sweep(snapshot);
    });
  }

  /** Resolves when nothing is being swept any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#sweeping;
  }

  async #sweep(known: Snapshot): Promise<void> {
    const { environment, sweep, committed, failure } = this.#options;
    try {
      const revision = await sweep();
      if (revision !== undefined) await committed(revision);
    } catch (error) {
      environment.logger.error({ err: error }, failure);
    }
    this.#cancel = undefined;
    this.schedule(this.#newest ?? known);
  }
}
