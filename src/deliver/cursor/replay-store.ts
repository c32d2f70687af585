import type { Offset } from '../../core/event-log.ts';
import type { Lease } from '../../core/lease.ts';
import type { StateStore } from '../../core/state.ts';
import type { ReplayProgressTable, WorkTables } from '../../core/tables/work-tables.ts';
import { underLease } from '../../core/under-lease.ts';

export interface ReplayCounts {
  readonly delivered: number;
  readonly discarded: number;
  readonly filtered: number;
}

/** What is known of a replay's lane. */
export interface ReplayProgress extends ReplayCounts {
  readonly state: ReplayProgressTable['state'];
  readonly until: Offset;
}

/**
 * How far the replays of one partition are: read by the control process, and by us so that none runs
 * twice. Writes are refused with `lease_lost` once another has taken over the partition.
 */
export class ReplayStore {
  readonly #store: StateStore<WorkTables>;
  readonly #partition: number;
  readonly #lease: Lease;

  constructor(store: StateStore<WorkTables>, partition: number, lease: Lease) {
    this.#store = store;
    this.#partition = partition;
    this.#lease = lease;
  }

  async find(lane: string): Promise<ReplayProgress | undefined> {
    const row = await this.#store.db
      .selectFrom('replay_progress')
      .selectAll()
      .where('lane', '=', lane)
      .where('partition', '=', this.#partition)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      state: row.state,
      until: Number(row.until),
      delivered: Number(row.delivered),
      discarded: Number(row.discarded),
      filtered: Number(row.filtered),
    };
  }

  /** True when it has begun and none of its lanes runs any more. */
  async isOver(replay: string): Promise<boolean> {
    const rows = await this.#store.db
      .selectFrom('replay_progress')
      .select('state')
      .where('replay', '=', replay)
      .where('partition', '=', this.#partition)
      .execute();
    return rows.length > 0 && rows.every(({ state }) => state !== 'running');
  }

  async begin(
    lane: string,
    ids: { readonly replay: string; readonly connection: string },
    until: Offset,
    now: number,
  ): Promise<ReplayProgress> {
    const counts = { delivered: 0, discarded: 0, filtered: 0 };
    const state = 'running' as const;
    const times = { started_at: Math.round(now), updated_at: Math.round(now) };
    const row = { lane, partition: this.#partition, ...ids, state, until, ...counts, ...times };
    await underLease(this.#store.db, this.#lease, async (rows) => {
      await rows.insertInto('replay_progress').values(row).execute();
    });
    return { state, until, ...counts };
  }

  async count(lane: string, counts: ReplayCounts, now: number): Promise<void> {
    await this.#update(lane, { ...pick(counts), updated_at: Math.round(now) });
  }

  /** Done or cancelled: its cursor may go. */
  async end(
    lane: string,
    state: 'done' | 'cancelled',
    counts: ReplayCounts,
    now: number,
  ): Promise<void> {
    await this.#update(lane, { state, ...pick(counts), updated_at: Math.round(now) });
  }

  async #update(lane: string, values: Partial<ReplayProgressTable>): Promise<void> {
    await underLease(this.#store.db, this.#lease, async (rows) => {
      await rows
        .updateTable('replay_progress')
        .set(values)
        .where('lane', '=', lane)
        .where('partition', '=', this.#partition)
        .execute();
    });
  }
}

function pick({ delivered, discarded, filtered }: ReplayCounts): ReplayCounts {
  return { delivered, discarded, filtered };
}
