import type { Transaction } from 'kysely';
import type { Offset } from '../../core/event-log.ts';
import type { Lease } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { StateStore } from '../../core/state.ts';
import type { ParkedTable, WorkTables } from '../../core/tables/work-tables.ts';
import { inTransactions, underLease } from '../../core/under-lease.ts';
import type { UsageStep } from '../../core/usage/usage.ts';
import type { LaneChanges, SavedEvent, SavedLane } from '../lane/lane-ledger.ts';

/** One lane's part of a commit. */
export interface LaneCommit {
  readonly lane: string;
  readonly openMs: number;
  readonly changes: LaneChanges;
}

/** Rows of one statement: far below every engine's bound on parameters, which is 32,766 or more. */
const rowsPerStatement = limits.commitRows;

type Rows = Transaction<WorkTables>;

/**
 * The cursors of one partition and their parked events. One writer: every method is one or more whole
 * transactions, each refused with `lease_lost` once another has taken over the partition.
 */
export class CursorStore {
  readonly #store: StateStore<WorkTables>;
  readonly #partition: number;
  readonly #lease: Lease;

  constructor(store: StateStore<WorkTables>, partition: number, lease: Lease) {
    this.#store = store;
    this.#partition = partition;
    this.#lease = lease;
  }

  /** Every lane that has a cursor, by key; or the one. */
  async lanes(only?: string): Promise<Map<string, SavedLane>> {
    const { db } = this.#store;
    let cursorRows = db.selectFrom('cursor').selectAll().where('partition', '=', this.#partition);
    let parkedRows = db.selectFrom('parked').selectAll().where('partition', '=', this.#partition);
    if (only !== undefined) {
      cursorRows = cursorRows.where('lane', '=', only);
      parkedRows = parkedRows.where('lane', '=', only);
    }
    const cursors = await cursorRows.execute();
    const parked = await parkedRows.execute();
    const byLane = Map.groupBy(parked, ({ lane }) => lane);
    return new Map(
      cursors.map((row) => [
        row.lane,
        {
          position: Number(row.position),
          stamp: { input: Number(row.stamp_input), item: Number(row.stamp_item) },
          openMs: Number(row.open_ms),
          parked: (byLane.get(row.lane) ?? []).map(readParked),
        },
      ]),
    );
  }

  /** A new lane begins at `position`. */
  async create(lane: string, position: Offset, now: number): Promise<SavedLane> {
    const changes = { position, stamp: { input: 0, item: -1 }, upserts: [], deletes: [] };
    await this.commit([{ lane, openMs: 0, changes }], now);
    return { position, stamp: changes.stamp, openMs: 0, parked: [] };
  }

  /** The lane is the same target under another id: its cursor, parked events and progress go over. */
  async rename(from: string, to: string): Promise<void> {
    await underLease(this.#store.db, this.#lease, async (rows) => {
      for (const table of ['cursor', 'parked', 'replay_progress'] as const) {
        await rows
          .updateTable(table)
          .set({ lane: to })
          .where('lane', '=', from)
          .where('partition', '=', this.#partition)
          .execute();
      }
    });
  }

  async remove(lane: string): Promise<void> {
    await underLease(this.#store.db, this.#lease, async (rows) => {
      for (const table of ['parked', 'cursor'] as const) {
        await rows
          .deleteFrom(table)
          .where('lane', '=', lane)
          .where('partition', '=', this.#partition)
          .execute();
      }
    });
  }

  /**
   * Writes the changes of all lanes together, in transactions of at most `limits.commitRows` rows or little
   * more: the rows of parked events, in offset order in each lane, then the positions, then deletions. A
   * crash between two repeats events but skips and reorders none. Each of the three is one statement,
   * however many lanes there are: over a network it is the round trips that cost. What was `counted` comes last:
   * when all is one transaction, it is true of the cursors whatever happens.
   */
  async commit(
    commits: readonly LaneCommit[],
    now: number,
    counted: readonly UsageStep[] = [],
  ): Promise<void> {
    const steps = [...this.#stepsOf(commits, now), ...counted];
    await inTransactions(this.#store.db, this.#lease, steps);
  }

  #stepsOf(commits: readonly LaneCommit[], now: number): UsageStep[] {
    const partition = this.#partition;
    const parked = commits.flatMap(({ lane, changes }) =>
      changes.upserts.map((event) => parkedRow(event, lane, partition)),
    );
    const cursors = commits.map(({ lane, openMs, changes }) => ({
      lane,
      partition,
      position: changes.position,
      stamp_input: changes.stamp.input,
      stamp_item: changes.stamp.item,
      open_ms: Math.round(openMs),
      updated_at: Math.round(now),
    }));
    const deleted = commits.flatMap(({ lane, changes }) =>
      changes.deletes.map((position) => ({ lane, position })),
    );
    return [
      ...stepsOf(parked, upsertParked),
      ...stepsOf(cursors, moveCursors),
      ...stepsOf(deleted, (rows, some) => deleteParked(rows, partition, some)),
    ];
  }
}

async function upsertParked(rows: Rows, parked: readonly ParkedTable[]): Promise<void> {
  await rows
    .insertInto('parked')
    .values(parked)
    .onConflict((conflict) =>
      conflict.columns(['lane', 'partition', 'position']).doUpdateSet((excluded) => ({
        attempts: excluded.ref('excluded.attempts'),
        first_attempt: excluded.ref('excluded.first_attempt'),
        next_attempt: excluded.ref('excluded.next_attempt'),
        open_ms_before: excluded.ref('excluded.open_ms_before'),
        last_error: excluded.ref('excluded.last_error'),
      })),
    )
    .execute();
}

async function moveCursors(rows: Rows, cursors: readonly WorkTables['cursor'][]): Promise<void> {
  await rows
    .insertInto('cursor')
    .values(cursors)
    .onConflict((conflict) =>
      conflict.columns(['lane', 'partition']).doUpdateSet((excluded) => ({
        position: excluded.ref('excluded.position'),
        stamp_input: excluded.ref('excluded.stamp_input'),
        stamp_item: excluded.ref('excluded.stamp_item'),
        open_ms: excluded.ref('excluded.open_ms'),
        updated_at: excluded.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

async function deleteParked(
  rows: Rows,
  partition: number,
  deleted: readonly { readonly lane: string; readonly position: Offset }[],
): Promise<void> {
  const lanes = Map.groupBy(deleted, ({ lane }) => lane);
  await rows
    .deleteFrom('parked')
    .where('partition', '=', partition)
    .where((row) =>
      row.or(
        Array.from(lanes, ([lane, some]) => {
          const positions = some.map(({ position }) => position);
          return row.and([row('lane', '=', lane), row('position', 'in', positions)]);
        }),
      ),
    )
    .execute();
}

function stepsOf<Row>(
  all: readonly Row[],
  write: (rows: Rows, some: readonly Row[]) => Promise<void>,
): UsageStep[] {
  const steps: UsageStep[] = [];
  for (let at = 0; at < all.length; at += rowsPerStatement) {
    const some = all.slice(at, at + rowsPerStatement);
    steps.push({ cost: some.length, run: (rows) => write(rows, some) });
  }
  return steps;
}

function parkedRow(event: SavedEvent, lane: string, partition: number): ParkedTable {
  const { offset, keys, retries } = event;
  return {
    lane,
    partition,
    position: offset,
    keys: JSON.stringify(keys),
    attempts: retries.attempts,
    first_attempt: Math.round(retries.firstAttempt),
    next_attempt: Math.round(retries.nextAttempt),
    open_ms_before: Math.round(retries.openMsBefore),
    last_error: retries.lastError,
  };
}

function readParked(row: ParkedTable): SavedEvent {
  return {
    offset: Number(row.position),
    keys: readKeys(row.keys),
    retries: {
      attempts: Number(row.attempts),
      firstAttempt: Number(row.first_attempt),
      nextAttempt: Number(row.next_attempt),
      openMsBefore: Number(row.open_ms_before),
      lastError: row.last_error,
    },
  };
}

function readKeys(text: string): string[] {
  return JSON.parse(text) as string[];
}
