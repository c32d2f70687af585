import type { Kysely } from 'kysely';
import { assertHeld, type Lease, type Leases } from '../../core/lease.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { withLease } from '../../core/with-lease.ts';
import { writeAudit } from '../access/write-audit.ts';
import type { Environment } from '../environment.ts';
import { newId } from '../ids.ts';
import { nextRevision } from './next-revision.ts';
import { Sweep } from './sweep.ts';

const everyMs = 5_000;

export interface SweepDeps {
  readonly environment: Environment;
  readonly leases: Leases;
  /** As `SweepOptions.committed`. */
  committed(revision: number): Promise<void>;
}

/**
 * Ends replays that the workers have finished, so that the configuration does not name them for ever. Of several nodes
 * one sweeps at a time.
 */
export function replaySweep({ environment, leases, committed }: SweepDeps): Sweep {
  return new Sweep({
    ...{ environment, everyMs, committed },
    isNeeded: ({ replays }) => replays.length > 0,
    // Another node may be at it: what it ends comes to us as a change of the configuration.
    sweep: () => withLease(leases, 'replay-sweep', (lease) => endFinished(environment, lease)),
    failure: 'finished replays could not be ended',
  });
}

/** Ends what is finished now. */
async function endFinished(environment: Environment, lease: Lease): Promise<number | undefined> {
  const { db, clock } = environment;
  const running = await db
    .selectFrom('replay')
    .select(['id', 'destination_id'])
    .where('ended_at', 'is', null)
    .execute();
  const ids = await finishedOf(
    environment,
    running.map(({ id }) => id),
  );
  if (ids.size === 0) return undefined;
  return await db.transaction().execute(async (trx) => {
    await assertHeld(trx.$pickTables<'lease'>(), lease);
    let revision: number | undefined;
    for (const { id, destination_id } of running) {
      if (ids.has(id)) revision = await end(environment, trx, id, destination_id, clock.now());
    }
    return revision;
  });
}

/**
 * Those that have begun in every partition and of which every lane is over, and was before the last
 * look: a lane may still be about to begin.
 */
async function finishedOf(
  { work, clock, logs }: Environment,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
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

/** Resolves with the revision of it. */
async function end(
  { workspace, random }: Environment,
  db: Kysely<ControlTables>,
  id: string,
  name: string,
  now: number,
): Promise<number> {
  const position = await nextRevision(db, workspace.id);
  const { numUpdatedRows } = await db
    .updateTable('replay')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  // Cancelled since the look at it.
  if (numUpdatedRows === 0n) return position;
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
  return position;
}
