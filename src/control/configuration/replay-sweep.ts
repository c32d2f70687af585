import type { Kysely } from 'kysely';
import type { Snapshot } from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { writeAudit } from '../access/write-audit.ts';
import type { Environment } from '../environment.ts';
import { newId } from '../ids.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { nextRevision } from './next-revision.ts';

const everyMs = 5_000;

/**
 * Ends replays that the worker has finished, so that the configuration does not name them for ever.
 * A timer runs only while there is a replay.
 */
export class ReplaySweep {
  readonly #environment: Environment;
  readonly #publish: (snapshot: Snapshot) => void;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(environment: Environment, publish: (snapshot: Snapshot) => void) {
    this.#environment = environment;
    this.#publish = publish;
  }

  /** To be called with each snapshot. */
  schedule(snapshot: Snapshot): void {
    if (this.#closed || this.#cancel !== undefined || snapshot.replays.length === 0) return;
    this.#cancel = this.#environment.clock.after(everyMs, () => {
      this.#cancel = undefined;
      this.sweep(snapshot).then(
        (current) => this.schedule(current),
        (error: unknown) => {
          this.#environment.logger.error({ err: error }, 'finished replays could not be ended');
          this.schedule(snapshot);
        },
      );
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  /** Ends what is finished now. Resolves with the configuration after it. */
  async sweep(snapshot: Snapshot): Promise<Snapshot> {
    const { db, catalog, clock } = this.#environment;
    const running = await db
      .selectFrom('replay')
      .select(['id', 'destination_id'])
      .where('ended_at', 'is', null)
      .execute();
    const ids = await this.#finished(running.map(({ id }) => id));
    if (ids.size === 0) return running.length === 0 ? { ...snapshot, replays: [] } : snapshot;
    const next = await db.transaction().execute(async (trx) => {
      for (const { id, destination_id } of running) {
        if (ids.has(id)) await this.#end(trx, id, destination_id, clock.now());
      }
      return buildSnapshot(trx, catalog);
    });
    this.#publish(next);
    return next;
  }

  /** Those of which every lane is over, and was before the last look: a lane may still be about to begin. */
  async #finished(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { work, clock } = this.#environment;
    const store = work();
    if (store === undefined || ids.length === 0) return new Set();
    const rows = await store.db
      .selectFrom('replay_progress')
      .select(['replay', 'state', 'updated_at'])
      .where('replay', 'in', ids)
      .execute();
    const settled = clock.now() - everyMs;
    const open = rows.filter((row) => row.state === 'running' || Number(row.updated_at) > settled);
    const unfinished = new Set(open.map(({ replay }) => replay));
    return new Set(rows.map(({ replay }) => replay).filter((id) => !unfinished.has(id)));
  }

  async #end(db: Kysely<ControlTables>, id: string, name: string, now: number): Promise<void> {
    const { workspace, random } = this.#environment;
    const position = await nextRevision(db, workspace.id);
    await db.updateTable('replay').set({ ended_at: now }).where('id', '=', id).execute();
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
