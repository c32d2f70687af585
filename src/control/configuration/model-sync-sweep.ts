import type { Kysely, Selectable } from 'kysely';
import { assertHeld, type Leases } from '../../core/lease.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { ReverseEtlRunTable } from '../../core/tables/work-tables.ts';
import { withLease } from '../../core/with-lease.ts';
import type { Environment } from '../environment.ts';
import { dropOldestSyncs } from '../reverse-etl/drop-oldest-syncs.ts';
import { runPhases } from '../reverse-etl/run-phases.ts';
import { nextRevision } from './next-revision.ts';
import type { SweepDeps } from './replay-sweep.ts';
import { Sweep } from './sweep.ts';

type Run = Selectable<ReverseEtlRunTable>;

const everyMs = 1_000;
/** Runs that ended this long before the newest known one are looked at again: clocks of nodes differ. */
const marginMs = 60_000;
const runsAtOnce = 500;

/**
 * Brings what the worker says of the syncs of reverse ETL into the table that the API shows: those that a schedule began
 * are added, those that have ended are ended. Of several nodes one sweeps at a time.
 */
export function modelSyncSweep({ environment, leases, committed }: SweepDeps): Sweep {
  let since = 0;
  return new Sweep({
    ...{ environment, everyMs, committed },
    isNeeded: ({ reverseEtl }) => reverseEtl !== undefined,
    sweep: async () => {
      const runs = await readRuns(environment, since);
      const news = await unknownOf(environment, runs);
      const revision = news.length === 0 ? undefined : await record(environment, leases, news);
      for (const { finished_at } of runs) since = Math.max(since, Number(finished_at));
      return revision;
    },
    failure: 'syncs of models could not be looked at',
  });
}

async function readRuns({ work }: Environment, since: number): Promise<readonly Run[]> {
  const store = work();
  if (store === undefined) return [];
  return await store.db
    .selectFrom('reverse_etl_run')
    .selectAll()
    .where((eb) =>
      eb.or([eb('finished_at', 'is', null), eb('finished_at', '>=', since - marginMs)]),
    )
    .orderBy('started_at')
    .limit(runsAtOnce)
    .execute();
}

/** Those of which the table does not have all. */
async function unknownOf({ db }: Environment, runs: readonly Run[]): Promise<readonly Run[]> {
  if (runs.length === 0) return [];
  const ids = runs.map(({ id }) => id);
  const known = await db
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

/** Undefined: nothing has changed, because the subscriptions are gone, or another node is at it, whose changes come as such of the configuration. */
function record(
  { db, workspace }: Environment,
  leases: Leases,
  runs: readonly Run[],
): Promise<number | undefined> {
  return withLease(leases, 'model-sync-sweep', (lease) =>
    db.transaction().execute(async (trx) => {
      await assertHeld(trx.$pickTables<'lease'>(), lease);
      let revision: number | undefined;
      for (const run of runs) {
        const position = await nextRevision(trx, workspace.id);
        if (await writeRun(trx, run, position)) revision = position;
      }
      return revision;
    }),
  );
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
