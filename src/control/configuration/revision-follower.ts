import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Snapshot } from '../../core/snapshot.ts';

export interface RevisionFollowerDeps {
  /** The version that is in force here. */
  current(): number;
  /** Reads the configuration as it is now. */
  read(): Promise<Snapshot>;
  publish(snapshot: Snapshot): void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const retryMs = 1_000;

/**
 * Publishes here what was changed on another node. Changes that come while one is being read are read
 * together after it, so a node that changes much costs the others little.
 */
export class RevisionFollower {
  readonly #deps: RevisionFollowerDeps;
  #wanted = 0;
  #reading: Promise<void> | undefined;
  #cancelRetry = () => {};
  #closed = false;

  constructor(deps: RevisionFollowerDeps) {
    this.#deps = deps;
  }

  /** The store has this revision. Its own changes are in force already, and cost nothing. */
  heard(revision: number): void {
    this.#wanted = Math.max(this.#wanted, revision);
    this.#reading ??= this.#follow().finally(() => {
      this.#reading = undefined;
    });
  }

  /** Resolves when nothing is being read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry();
    await this.#reading;
  }

  async #follow(): Promise<void> {
    const { current, read, publish, clock, logger } = this.#deps;
    while (!this.#closed && this.#wanted > current()) {
      try {
        const snapshot = await read();
        // A backup was put in its place meanwhile: the next restart takes it over.
        if (snapshot.version <= current()) return;
        publish(snapshot);
      } catch (error) {
        logger.error({ err: error }, 'a change of another node is not in force here yet');
        const revision = this.#wanted;
        this.#cancelRetry = clock.after(retryMs, () => this.heard(revision));
        return;
      }
    }
  }
}
