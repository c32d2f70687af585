import type { DeletedUser } from '../../core/destination-probe.ts';
import { assertHeld, type Lease, type Leases } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { ToldDeletionTable } from '../../core/tables/privacy-tables.ts';
import type { Environment } from '../environment.ts';
import { RegularLook } from '../regular-look.ts';
import { withWorkspaceKinds } from '../with-workspace-kinds.ts';
import { askDeletion } from './ask-deletion.ts';
import { type Concerned, concernedDestinations, isTold } from './concerned-destinations.ts';
import type { RegulationRow } from './find-regulation.ts';

type Progress = Pick<ToldDeletionTable, 'state' | 'told' | 'failures' | 'message'>;

/**
 * Tells destinations of the deletions of their end users, one user after the other (spec tracking-api: deletions go on to supporting
 * destinations and functions).
 *
 * State: the table `told_deletion`, a row for each regulation and destination, written every so many users and at the end of each look;
 * after a crash users since then are asked for once more, which does no harm. What may pass is asked again at the next look, for
 * `limits.toldForMs` from the regulation. Of several nodes one tells at a time.
 */
export class DeletionTeller {
  readonly #environment: Environment;
  readonly #looking: RegularLook;

  constructor(environment: Environment, leases: Leases) {
    this.#environment = environment;
    this.#looking = new RegularLook({
      ...{ environment, leases, lease: 'told-deletions', everyMs: limits.tellEveryMs },
      look: (lease, signal) => this.#look(lease, signal),
      failure: 'destinations could not be told of deletions',
    });
  }

  /** Resolves when nobody is told any more. */
  close(): Promise<void> {
    return this.#looking.close();
  }

  async #look(lease: Lease, signal: AbortSignal): Promise<void> {
    const { db } = this.#environment;
    const rows = await db
      .selectFrom('regulation')
      .selectAll()
      .where('status', 'in', ['INITIALIZED', 'RUNNING'])
      .orderBy('position')
      .execute();
    if (rows.length === 0) return;
    const environment = await withWorkspaceKinds(this.#environment);
    for (const row of rows) {
      for (const concerned of await concernedDestinations(db, row)) {
        if (signal.aborted) return;
        if (!isTold(concerned)) await this.#tell(environment, lease, row, concerned, signal);
      }
    }
  }

  async #tell(
    environment: Environment,
    lease: Lease,
    row: RegulationRow,
    { destination, told: before }: Concerned,
    signal: AbortSignal,
  ): Promise<void> {
    const users = usersOf(row);
    const at = Number(row.created_at);
    const progress: Progress = before ?? { state: 'RUNNING', told: 0, failures: 0, message: '' };
    let { told, failures, message } = progress;
    const write = (state: Progress['state']) =>
      this.#write(lease, row.id, destination.id, { state, told, failures, message });
    for (const user of users.slice(told)) {
      if (signal.aborted) return write('RUNNING');
      const answer = await askDeletion(environment, destination, user, at);
      if (answer.state === 'unsupported') return write('NOT_SUPPORTED');
      if (answer.state === 'failed') {
        ({ message } = answer);
        const isOver = environment.clock.now() - at >= limits.toldForMs;
        if (answer.retry && !isOver) return write('RUNNING');
        failures += 1;
      }
      told += 1;
      if (told % limits.toldAtOnce === 0) await write('RUNNING');
    }
    await write(failures === 0 ? 'FINISHED' : 'FAILED');
  }

  async #write(
    lease: Lease,
    regulation: string,
    destination: string,
    progress: Progress,
  ): Promise<void> {
    const { db, clock } = this.#environment;
    const change = { ...progress, updated_at: clock.now() };
    await db.transaction().execute(async (trx) => {
      await assertHeld(trx.$pickTables<'lease'>(), lease);
      await trx
        .insertInto('told_deletion')
        .values({ regulation_id: regulation, destination_id: destination, ...change })
        .onConflict((conflict) =>
          conflict.columns(['regulation_id', 'destination_id']).doUpdateSet(change),
        )
        .execute();
    });
  }
}

function usersOf(row: RegulationRow): DeletedUser[] {
  const ids: string[] = JSON.parse(row.subject_ids);
  return ids.map((id) => (row.subject_type === 'USER_ID' ? { userId: id } : { anonymousId: id }));
}
