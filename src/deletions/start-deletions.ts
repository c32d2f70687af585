import type { Clock } from '../core/clock.ts';
import type { DeletionTarget, DeletionTargets } from '../core/deletion.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Registry } from '../core/prometheus.ts';
import type { SnapshotHolder } from '../core/snapshot.ts';
import type { StateStore } from '../core/state.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { withLease } from '../core/with-lease.ts';
import { type DeleteUsers, deleteAt } from './delete-at.ts';
import { type DeletionMetrics, deletionMetrics } from './deletion-metrics.ts';
import { TargetStore, targetKey } from './target-store.ts';

export interface DeletionsDeps {
  /** Of which kind the targets are that this node can act on. */
  readonly kind: DeletionTarget['kind'];
  readonly targets: DeletionTargets;
  readonly deleteUsers: DeleteUsers;
  /** Users of one call, and the least time between two calls for a target. */
  readonly usersAtOnce: number;
  readonly pauseMs: number;
  /** The lease under which a target is worked on. */
  leaseOf(target: DeletionTarget): string;
  readonly snapshot: SnapshotHolder;
  readonly store: StateStore<WorkTables>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

export interface Deletions {
  /** Resolves when nothing is asked of anybody any more; the call at hand is ended. */
  stop(): Promise<void>;
}

/**
 * Has destinations, or warehouses, forget the end users of regulations: each of them under its lease, so at one node at a
 * time, and one regulation after another, oldest first.
 *
 * State: `deletion_target` in the `work` database, a row a regulation and target. It is written once a second and at the
 * end, so a crash repeats what a second brought; to ask twice does no harm. A failure worth repeating is tried
 * again, for `limits.deletionRetryForMs`, by whichever node comes to it.
 */
export function startDeletions(deps: DeletionsDeps): Deletions {
  const runner = new Runner(deps);
  const unsubscribe = deps.snapshot.subscribe(() => runner.wake());
  runner.wake();
  return {
    stop: async () => {
      unsubscribe();
      await runner.stop();
    },
  };
}

/** What another node has done of it is seen after this at the latest. */
const longestWaitMs = 60_000;

class Runner {
  readonly #deps: DeletionsDeps;
  readonly #store: TargetStore;
  readonly #metrics: DeletionMetrics;
  readonly #stopping = new AbortController();
  /** By the id of the destination or warehouse. */
  readonly #running = new Map<string, Promise<void>>();
  #cancelTick: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #isNewer = false;

  constructor(deps: DeletionsDeps) {
    this.#deps = deps;
    this.#store = new TargetStore(deps.store);
    this.#metrics = deletionMetrics(deps.registry);
  }

  /** Looks at once what is due, and then again and again until everything is settled. */
  wake(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#isNewer = this.#looking !== undefined;
    const { snapshot, clock } = this.#deps;
    if (this.#stopping.signal.aborted || snapshot.current.newestDeletion === undefined) return;
    this.#looking ??= this.#look().then((next) => {
      this.#looking = undefined;
      if (this.#stopping.signal.aborted) return;
      if (this.#isNewer) return this.wake();
      if (next === undefined) return;
      const wait = Math.min(Math.max(next - clock.now(), limits.deletionLookMs), longestWaitMs);
      this.#cancelTick = clock.after(wait, () => this.wake());
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTick?.();
    await this.#looking;
    await Promise.all(this.#running.values());
  }

  /** Resolves with the time at which something is due next; undefined: nothing is left to do. Never rejects. */
  async #look(): Promise<number | undefined> {
    const { kind, targets, clock, logger } = this.#deps;
    try {
      const all = (await targets.open()).filter((target) => target.kind === kind);
      const begun = await this.#store.begun(all);
      const left = all.filter(
        (target) => (begun.get(targetKey(target))?.state ?? 'running') === 'running',
      );
      const now = clock.now();
      let next: number | undefined;
      for (const target of left) {
        const again = begun.get(targetKey(target))?.next_at ?? 0;
        const due = Math.max(target.before + limits.deletionSettleMs, again);
        next = Math.min(due, next ?? due);
        const isFull = this.#running.size >= limits.deletionsAtOnce;
        if (now < due || isFull || this.#stopping.signal.aborted) continue;
        if (this.#running.has(target.id)) continue;
        const done = this.#work(target).finally(() => this.#running.delete(target.id));
        this.#running.set(target.id, done);
      }
      return next;
    } catch (err) {
      // The state store: the next look tries again.
      logger.error({ err, kind }, 'the deletions could not be looked over');
      return 0;
    }
  }

  /** Never rejects. */
  async #work(target: DeletionTarget): Promise<void> {
    const { store, leaseOf, logger } = this.#deps;
    const parts = { ...this.#deps, store: this.#store, metrics: this.#metrics };
    try {
      // Another node may be at it.
      await withLease(store.leases, leaseOf(target), (lease) =>
        deleteAt(target, { ...parts, lease, signal: this.#stopping.signal }),
      );
    } catch (err) {
      const { regulation, kind, id } = target;
      logger.error({ err, regulation, kind, id }, 'a deletion could not be recorded');
    }
  }
}
