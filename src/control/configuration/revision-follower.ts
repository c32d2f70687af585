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
/** The longest that a change waits for others to come with it. */
const mostPauseMs = 50;

/**
 * Publishes here what was changed, by a request to this node or on another. Changes that come while one is being
 * read are read together after it: a burst of them costs few snapshots, and the last of it is in force.
 */
export class RevisionFollower {
  readonly #deps: RevisionFollowerDeps;
  #wanted = 0;
  #isReading = false;
  #reading: Promise<void> = Promise.resolve();
  readonly #awaited: { readonly revision: number; readonly settled: () => void }[] = [];
  readonly #closing = new AbortController();
  #notBefore = 0;
  #cancelRetry = () => {};

  constructor(deps: RevisionFollowerDeps) {
    this.#deps = deps;
  }

  /** The store has this revision. Its own changes are in force already, and cost nothing. */
  heard(revision: number): void {
    this.#wanted = Math.max(this.#wanted, revision);
    if (this.#isReading) return;
    this.#isReading = true;
    this.#reading = this.#follow();
  }

  /** Resolves when this change is in force here; or will be later, for a reason that is in the log. Rejects never. */
  committed(revision: number): Promise<void> {
    return new Promise((settled) => {
      this.#awaited.push({ revision, settled });
      this.heard(revision);
    });
  }

  /** Resolves when nothing is being read any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#cancelRetry();
    await this.#reading;
  }

  async #follow(): Promise<void> {
    const { current, read, publish, clock, logger } = this.#deps;
    try {
      while (!this.#closing.signal.aborted && this.#wanted > current()) {
        await this.#pause();
        const begun = clock.monotonic();
        const snapshot = await read();
        // A backup was put in its place meanwhile: the next restart takes it over.
        if (snapshot.version <= current()) return;
        publish(snapshot);
        this.#settle(current());
        const now = clock.monotonic();
        this.#notBefore = now + Math.min(now - begun, mostPauseMs);
      }
    } catch (error) {
      logger.error({ err: error }, 'a change is not in force here yet');
      const revision = this.#wanted;
      this.#cancelRetry = clock.after(retryMs, () => this.heard(revision));
    } finally {
      // In the same turn as the last look at what is wanted: what is heard from here on is read anew.
      this.#isReading = false;
      this.#settle(Number.POSITIVE_INFINITY);
    }
  }

  /** As long as the last snapshot took, up to a bound: what is changed meanwhile goes into the next. */
  async #pause(): Promise<void> {
    const { clock } = this.#deps;
    const ms = this.#notBefore - clock.monotonic();
    if (ms > 0) await clock.sleep(ms, this.#closing.signal);
  }

  /** Those that wait for a revision up to this wait no longer. */
  #settle(revision: number): void {
    const done = this.#awaited.filter((one) => one.revision <= revision);
    const left = this.#awaited.filter((one) => one.revision > revision);
    this.#awaited.splice(0, this.#awaited.length, ...left);
    for (const { settled } of done) settled();
  }
}
