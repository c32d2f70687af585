import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { DeliverUsage } from '../../core/usage/usage.ts';
import type { LaneRunner } from '../lane/lane-runner.ts';
import type { CursorStore } from './cursor-store.ts';

export interface CommitLoopDeps {
  readonly store: CursorStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long finished work may stay uncommitted, milliseconds. */
  readonly everyMs: number;
  /** What was counted is committed with the cursors. */
  readonly usage: DeliverUsage | undefined;
  runners(): Iterable<LaneRunner>;
  /** Called after each commit. */
  committed(): Promise<void>;
}

const retryMs = 1_000;

/** Writes what the lanes did: `everyMs` after the first change, all lanes together, one commit at a time. */
export class CommitLoop {
  readonly #deps: CommitLoopDeps;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #isFailing = false;

  constructor(deps: CommitLoopDeps) {
    this.#deps = deps;
  }

  /** Something changed. Cheap: called for every event. */
  changed(): void {
    if (this.#cancel !== undefined || this.#stopped) return;
    this.#arm(this.#deps.everyMs);
  }

  /** Commits everything now. Rejects when the store cannot be written: then it is all still to be committed. */
  commit(): Promise<void> {
    const turn = this.#running.then(() => this.#commit());
    this.#running = turn.catch(() => undefined);
    return turn;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(ms: number): void {
    this.#cancel = this.#deps.clock.after(ms, () => {
      this.#cancel = undefined;
      this.commit().then(
        () => this.#succeeded(),
        (error: unknown) => {
          this.#failed(error);
          if (!this.#stopped && this.#cancel === undefined) this.#arm(retryMs);
        },
      );
    });
  }

  #succeeded(): void {
    if (this.#isFailing) this.#deps.logger.info({}, 'cursors are committed again');
    this.#isFailing = false;
  }

  /** An outage is told once, not with each try. */
  #failed(err: unknown): void {
    const { logger } = this.#deps;
    if (err instanceof TributaryError && err.code === 'lease_lost') {
      // Another owner goes on from the last commit: what was done since is repeated there.
      this.stop();
      logger.error({ err }, 'cursors are no longer committed here');
    } else if (this.#isFailing) {
      logger.debug({ err }, 'cursors still cannot be committed');
    } else {
      logger.error({ err }, 'cursors cannot be committed; deliver tries again');
    }
    this.#isFailing = true;
  }

  async #commit(): Promise<void> {
    const taken = [];
    for (const runner of this.#deps.runners()) {
      const commit = runner.collect();
      if (commit !== undefined) taken.push({ runner, commit });
    }
    const usage = this.#deps.usage?.collect();
    if (taken.length > 0 || (usage !== undefined && usage.steps.length > 0)) {
      const commits = taken.map(({ commit }) => commit);
      try {
        await this.#deps.store.commit(commits, this.#deps.clock.now(), usage?.steps);
        usage?.done();
      } catch (error) {
        for (const { runner, commit } of taken) runner.restore(commit);
        usage?.failed();
        throw error;
      }
    }
    await this.#deps.committed();
  }
}
