import type { Kysely, Selectable } from 'kysely';
import { assertHeld, type Lease, type Leases } from '../../core/lease.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { ReverseEtlRunTable } from '../../core/tables/work-tables.ts';
import type { Environment } from '../environment.ts';
import { dropOldestSyncs } from '../reverse-etl/drop-oldest-syncs.ts';
import { runPhases } from '../reverse-etl/run-phases.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { nextRevision } from './next-revision.ts';

type Run = Selectable<ReverseEtlRunTable>;

const everyMs = 1_000;
/** Runs that ended this long before the newest known one are looked at again: clocks of nodes differ. */
const marginMs = 60_000;
const runsAtOnce = 500;

/**
 * Brings what the worker says of the syncs of reverse ETL into the table that the API shows: those that a schedule began
 * are added, those that have ended are ended. A timer runs only while there is a model with a subscription; of
 * several nodes one sweeps at a time.
 */
export class ModelSyncSweep {
  readonly #environment: Environment;
  readonly #leases: Leases;
  readonly #publish: (snapshot: Snapshot) => void;
  #cancel: (() => void) | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #since = 0;
  #closed = false;

  constructor(environment: Environment, leases: Leases, publish: (snapshot: Snapshot) => void) {
    this.#environment = environment;
    this.#leases = leases;
    this.#publish = publish;
  }

  /** To be called with each snapshot. */
  schedule(snapshot: Snapshot): void {
    if (this.#closed || this.#cancel !== undefined || snapshot.reverseEtl === undefined) return;
    this.#cancel = this.#environment.clock.after(everyMs, () => {
      this.#sweeping = this.#sweepAlone(snapshot).then(
        (current) => this.#again(current),
        (error: unknown) => {
          this.#environment.logger.error({ err: error }, 'syncs of models could not be looked at');
          this.#again(snapshot);
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

  #again(snapshot: Snapshot): void {
    this.#cancel = undefined;
    this.schedule(snapshot);
  }

  async #sweepAlone(snapshot: Snapshot): Promise<Snapshot> {
    const store = this.#environment.work();
    if (store === undefined) return snapshot;
    const runs = await store.db
      .selectFrom('reverse_etl_run')
      .selectAll()
      .where((eb) =>
        eb.or([eb('finished_at', 'is', null), eb('finished_at', '>=', this.#since - marginMs)]),
      )
      .orderBy('started_at')
      .limit(runsAtOnce)
      .execute();
    const news = await this.#unknown(runs);
    const next = news.length === 0 ? snapshot : await this.#record(snapshot, news);
    for (const { finished_at } of runs) this.#since = Math.max(this.#since, Number(finished_at));
    return next;
  }

  /** Those of which the table does not have all. */
  async #unknown(runs: readonly Run[]): Promise<readonly Run[]> {
    if (runs.length === 0) return [];
    const ids = runs.map(({ id }) => id);
    const known = await this.#environment.db
      .selectFrom('reverse_etl_sync')
      .select(['id', 'finished_at'])
      .where('id', 'in', ids)
      .execute();
    const ended = new Map(known.map(({ id, finished_at }) => [id, finished_at !== null]));
    return runs.filter((run) => {
      const wasEnded = ended.get(run.id);
      return wasEnded === undefined || (!wasEnded && run.finished_at !== null);
    });
  }

  async #record(snapshot: Snapshot, runs: readonly Run[]): Promise<Snapshot> {
    const lease = await this.#leases.tryTake('model-sync-sweep');
    // Another node is at it: what it writes comes to us as a change of the configuration.
    if (lease === undefined) return snapshot;
    try {
      const next = await this.#write(lease, runs);
      if (next === undefined) return snapshot;
      this.#publish(next);
      return next;
    } finally {
      await lease.release();
    }
  }

  /** Undefined: nothing has changed, because the subscriptions are gone. */
  async #write(lease: Lease, runs: readonly Run[]): Promise<Snapshot | undefined> {
    const { db, catalog, workspace } = this.#environment;
    return await db.transaction().execute(async (trx) => {
      await assertHeld(trx.$pickTables<'lease'>(), lease);
      let changed = false;
      for (const run of runs) {
        const position = await nextRevision(trx, workspace.id);
        changed = (await writeRun(trx, run, position)) || changed;
      }
      return changed ? await buildSnapshot(trx, catalog) : undefined;
    });
  }
}

async function writeRun(db: Kysely<ControlTables>, run: Run, position: number): Promise<boolean> {
  const values = {
    ...runPhases(run),
    ...{ status: run.status, finished_at: run.finished_at },
    ...{ error: run.error, error_code: run.error_code },
  };
  const { numUpdatedRows } = await db
    .updateTable('reverse_etl_sync')
    .set(values)
    .where('id', '=', run.id)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return true;
  const owner = await db
    .selectFrom('destination_subscription')
    .leftJoin('reverse_etl_sync as known', (join) =>
      join
        .onRef('known.subscription_id', '=', 'destination_subscription.id')
        .on('known.id', '=', run.id),
    )
    .select(['destination_subscription.model_id', 'known.id'])
    .where('destination_subscription.id', '=', run.subscription)
    .executeTakeFirst();
  // Deleted, or cancelled, since the look at it.
  if (owner === undefined || owner.model_id !== run.model || owner.id !== null) return false;
  await db
    .insertInto('reverse_etl_sync')
    .values({
      ...{ id: run.id, model_id: run.model, subscription_id: run.subscription, position },
      ...{ started_at: Number(run.started_at), cancel_reason: null },
      ...values,
    })
    .execute();
  await dropOldestSyncs(db, run.model);
  return true;
}
