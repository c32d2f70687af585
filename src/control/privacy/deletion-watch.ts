import type { LogName } from '../../core/event-log.ts';
import { assertHeld, type Lease, type Leases } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import { writeAudit } from '../access/write-audit.ts';
import { nextRevision } from '../configuration/next-revision.ts';
import type { Environment } from '../environment.ts';
import { newId } from '../ids.ts';
import { RegularLook } from '../regular-look.ts';
import type { RegulationRow } from './find-regulation.ts';
import { type TargetState, targetStates } from './target-states.ts';

/**
 * The logs that what was received flows through, in order: what stands in one may yet be copied into the next. A step
 * is over when its logs hold nothing from before it began.
 */
const steps: readonly (readonly LogName[])[] = [
  ['accepted'],
  ['staged'],
  ['events'],
  ['results'],
  ['discards'],
];

/**
 * Follows deletions to their end. What is stored of end users leaves with the retention of the logs, whole files at a
 * time; a regulation is `RUNNING` while that goes on and over once no log holds anything from before it, so
 * that nothing of its users is left of then, the archive has been looked through, and each destination and warehouse that
 * it concerns is settled: it is then `FINISHED`, `FAILED` when one of those has, else `PARTIAL_SUCCESS` when one cannot be told. Of several nodes one looks at a time; the step that a regulation has come to is in its row.
 */
export class DeletionWatch {
  readonly #environment: Environment;
  readonly #looking: RegularLook;

  constructor(environment: Environment, leases: Leases) {
    this.#environment = environment;
    this.#looking = new RegularLook({
      ...{ environment, leases, lease: 'deletions', everyMs: limits.deletionEveryMs },
      look: (lease) => this.#look(lease),
      failure: 'deletions could not be followed',
    });
  }

  /** Resolves when nothing is looked at any more. */
  close(): Promise<void> {
    return this.#looking.close();
  }

  async #look(lease: Lease): Promise<void> {
    const rows = await this.#environment.db
      .selectFrom('regulation')
      .selectAll()
      .where('status', 'in', ['INITIALIZED', 'RUNNING'])
      .execute();
    const oldest = new Map<LogName, number>();
    if (rows.length > 0) {
      for (const log of steps.flat()) oldest.set(log, await this.#oldest(log));
    }
    for (const row of rows) await this.#advance(lease, row, oldest);
  }

  /** When the oldest commit of a log was made; an empty one holds nothing of any time. */
  async #oldest(log: LogName): Promise<number> {
    const { logs } = this.#environment;
    let oldest = Number.POSITIVE_INFINITY;
    for (let partition = 0; partition < logs.partitions; partition += 1) {
      const usage = await logs.usage(log, partition);
      oldest = Math.min(oldest, usage.oldest ?? oldest);
    }
    return oldest;
  }

  async #advance(
    lease: Lease,
    row: RegulationRow,
    oldest: ReadonlyMap<LogName, number>,
  ): Promise<void> {
    const now = this.#environment.clock.now();
    let step = row.step;
    let since = Number(row.step_at ?? row.created_at);
    while (step < steps.length) {
      const logs = steps[step] ?? [];
      if (logs.some((log) => (oldest.get(log) ?? 0) <= since)) break;
      step += 1;
      since = now;
    }
    const targets = await targetStates(this.#environment, row);
    const isSettled = targets.every(({ status }) => !open.has(status));
    const isOver = isSettled && step === steps.length && (await this.#hasLeftArchive(row.id));
    if (step === row.step && row.status === 'RUNNING' && !isOver) return;
    const status = isOver ? outcomeOf(targets) : 'RUNNING';
    await this.#write(lease, row, {
      ...{ status, step, finished_at: isOver ? now : null },
      ...(step !== row.step && { step_at: since }),
    });
  }

  /** Each partition that has an archive must have looked through it since the logs had let go. */
  async #hasLeftArchive(id: string): Promise<boolean> {
    const store = this.#environment.work();
    if (store === undefined) return true;
    const archived = await store.db.selectFrom('archive_position').select('partition').execute();
    const done = await store.db
      .selectFrom('deletion_progress')
      .select('partition')
      .where('regulation', '=', id)
      .where('part', '=', 'archive')
      .where('state', '=', 'done')
      .execute();
    const partitions = new Set(done.map(({ partition }) => partition));
    return archived.every(({ partition }) => partitions.has(partition));
  }

  async #write(
    lease: Lease,
    { id, step: before }: RegulationRow,
    change: Pick<RegulationRow, 'status' | 'step' | 'finished_at'> & { step_at?: number },
  ): Promise<void> {
    const { db, workspace, random, clock } = this.#environment;
    await db.transaction().execute(async (trx) => {
      await assertHeld(trx.$pickTables<'lease'>(), lease);
      const { numUpdatedRows } = await trx
        .updateTable('regulation')
        .set(change)
        .where('id', '=', id)
        .where('step', '=', before)
        .executeTakeFirst();
      // Taken back since the look at it.
      if (numUpdatedRows === 0n || change.finished_at === null) return;
      await writeAudit(trx, {
        id: newId(random),
        workspaceId: workspace.id,
        position: await nextRevision(trx, workspace.id),
        at: clock.now(),
        actor: 'system',
        operation: 'finishRegulation',
        type: 'Regulation Finished',
        resourceType: 'regulation',
        resourceId: id,
        resourceName: id,
        after: { status: change.status },
      });
    });
  }
}

const open: ReadonlySet<string> = new Set(['INITIALIZED', 'RUNNING']);

/** A regulation has failed when any of its targets has (spec public-api §6). */
function outcomeOf(targets: readonly TargetState[]): 'FINISHED' | 'FAILED' | 'PARTIAL_SUCCESS' {
  if (targets.some(({ status }) => status === 'FAILED')) return 'FAILED';
  return targets.some(({ status }) => status === 'NOT_SUPPORTED') ? 'PARTIAL_SUCCESS' : 'FINISHED';
}
