import type { Kysely } from 'kysely';
import { assertHeld, type Lease, type Leases } from '../../core/lease.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { writeAudit } from '../access/write-audit.ts';
import type { Environment } from '../environment.ts';
import { newId } from '../ids.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { nextRevision } from './next-revision.ts';

const everyMs = 5_000;

/**
 * Ends replays that the workers have finished, so that the configuration does not name them for ever.
 * A timer runs only while there is a replay; of several nodes one sweeps at a time.
 */
export class ReplaySweep {
  readonly #environment: Environment;
  readonly #leases: Leases;
  readonly #publish: (snapshot: Snapshot) => void;
  #cancel: (() => void) | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(environment: Environment, leases: Leases, publish: (snapshot: Snapshot) => void) {
    this.#environment = environment;
    this.#leases = leases;
    this.#publish = publish;
  }

  /** To be called with each snapshot. */
  schedule(snapshot: Snapshot): void {
    if (this.#closed || this.#cancel !== undefined || snapshot.replays.length === 0) return;
    this.#cancel = this.#environment.clock.after(everyMs, () => {
      this.#cancel = undefined;
      this.#sweeping = this.#sweepAlone(snapshot).then(
        (current) => this.schedule(current),
        (error: unknown) => {
          this.#environment.logger.error({ err: error }, 'finished replays could not be ended');
          this.schedule(snapshot);
        },
      );
    });
  }

  /** Resolves when nothing is being swept any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#sweeping;
  }

  async #sweepAlone(snapshot: Snapshot): Promise<Snapshot> {
    const lease = await this.#leases.tryTake('replay-sweep');
    // Another node is at it: what it ends comes to us as a change of the configuration.
    if (lease === undefined) return snapshot;
    try {
      return await this.#sweep(snapshot, lease);
    } finally {
      await lease.release();
    }
  }

  /** Ends what is finished now. Resolves with the configuration after it. */
  async #sweep(snapshot: Snapshot, lease: Lease): Promise<Snapshot> {
    const { db, catalog, clock } = this.#environment;
    const running = await db
      .selectFrom('replay')
      .select(['id', 'destination_id'])
      .where('ended_at', 'is', null)
      .execute();
    const ids = await this.#finished(running.map(({ id }) => id));
    if (ids.size === 0) return running.length === 0 ? { ...snapshot, replays: [] } : snapshot;
    const next = await db.transaction().execute(async (trx) => {
      await assertHeld(trx.$pickTables<'lease'>(), lease);
      for (const { id, destination_id } of running) {
        if (ids.has(id)) await this.#end(trx, id, destination_id, clock.now());
      }
      return buildSnapshot(trx, catalog);
    });
    this.#publish(next);
    return next;
  }

  /**
   * Those that have begun in every partition and of which every lane is over, and was before the last
   * look: a lane may still be about to begin.
   */
  async #finished(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { work, clock, logs } = this.#environment;
    const store = work();
    if (store === undefined || ids.length === 0) return new Set();
    const rows = await store.db
      .selectFrom('replay_progress')
      .select(['replay', 'partition', 'state', 'updated_at'])
      .where('replay', 'in', ids)
      .execute();
    const settled = clock.now() - everyMs;
    const open = rows.filter((row) => row.state === 'running' || Number(row.updated_at) > settled);
    const unfinished = new Set(open.map(({ replay }) => replay));
    const begun = Map.groupBy(rows, ({ replay }) => replay);
    const finished = [...begun].filter(([id, lanes]) => {
      const partitions = new Set(lanes.map(({ partition }) => partition));
      return !unfinished.has(id) && partitions.size === logs.partitions;
    });
    return new Set(finished.map(([id]) => id));
  }

  async #end(db: Kysely<ControlTables>, id: string, name: string, now: number): Promise<void> {
    const { workspace, random } = this.#environment;
    const position = await nextRevision(db, workspace.id);
    const { numUpdatedRows } = await db
      .updateTable('replay')
      .set({ ended_at: now })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    // Cancelled since the look at it.
    if (numUpdatedRows === 0n) return;
    await writeAudit(db, {
      id: newId(random),
      workspaceId: workspace.id,
      position,
      at: now,
      actor: 'system',
      operation: 'finishReplay',
      type: 'Replay Finished',
      resourceType: 'replay',
      resourceId: id,
      resourceName: name,
    });
  }
}
