import type { Kysely, Transaction } from 'kysely';
import type { Lease } from '../core/lease.ts';
import { limits } from '../core/limits.ts';
import type { UsagePendingTable, WorkTables } from '../core/tables/work-tables.ts';
import { underLease } from '../core/under-lease.ts';
import type { UsageStep } from '../core/usage/usage.ts';
import { formatMinutes, parseMinutes, UsageRecord } from '../core/usage/usage-record.ts';
import { spanStart } from '../core/usage/usage-spans.ts';
import { addToRows, type UsageKey } from './add-to-rows.ts';

type Minutes = Map<number, UsageRecord>;
type Rows = Transaction<WorkTables>;

interface Entry {
  readonly key: UsageKey;
  /** Counted since the last fold began. */
  pending: Minutes;
  /** What a fold at hand takes over; held until it is known to be committed. */
  folding: Minutes | undefined;
  folds: number;
  /** `pending` has more than its row says. */
  isDirty: boolean;
}

/** Rows that a fold reads and writes, about. */
const foldCost = 20;

/**
 * Counts of one partition on their way into `usage_count`. What is counted first stands in `usage_pending`, one
 * small row a source or destination, which is written in the transaction that makes it true: that of the cursors,
 * or of the position in the log. From time to time it goes over into the rows of minutes, hours and days
 * ("folds"), in the transaction that empties the pending row.
 *
 * State: both tables. A new owner begins with the pending rows. A commit whose answer was lost is made out by
 * the number of folds in the row, and a fold is never made twice.
 */
export class PendingCounts {
  readonly #partition: number;
  readonly #entries = new Map<string, Entry>();

  constructor(partition: number) {
    this.#partition = partition;
  }

  /** Begins with what the database holds, and nothing else: the rows of process, or those of deliver. */
  async load(db: Kysely<WorkTables>, lease: Lease, of: 'process' | 'deliver'): Promise<void> {
    const compare = of === 'process' ? '=' : '!=';
    await underLease(db, lease, async (rows) => {
      await rows
        .deleteFrom('usage_pending')
        .where('partition', '=', this.#partition)
        .where('destination', compare, '')
        .where('counts', '=', '[]')
        .execute();
    });
    const rows = await db
      .selectFrom('usage_pending')
      .selectAll()
      .where('partition', '=', this.#partition)
      .where('destination', compare, '')
      .execute();
    this.#entries.clear();
    for (const { source, destination, folds, counts } of rows) {
      const entry = this.#entry({ source, destination });
      entry.folds = Number(folds);
      entry.pending = parseMinutes(counts);
    }
  }

  /** Where to add what happened at `time`. */
  at(key: UsageKey, time: number): UsageRecord {
    const entry = this.#entry(key);
    entry.isDirty = true;
    const minute = spanStart('minute', time);
    const held = entry.pending.get(minute);
    if (held !== undefined) return held;
    const record = new UsageRecord();
    entry.pending.set(minute, record);
    return record;
  }

  /** A fold was begun and is not known to be committed. */
  get isFolding(): boolean {
    return this.#some(({ folding }) => folding !== undefined);
  }

  /** Nothing is left to fold. */
  get isEmpty(): boolean {
    return !this.#some(({ pending, folding }) => folding !== undefined || pending.size > 0);
  }

  /** Writes the pending rows that have changed. `written` or `fold` comes before the next. */
  write(): UsageStep[] {
    const dirty = [...this.#entries.values()].filter(
      ({ isDirty, folding }) => isDirty && folding === undefined,
    );
    const rows = dirty.map((entry) => this.#row(entry, formatMinutes(entry.pending)));
    for (const entry of dirty) entry.isDirty = false;
    const steps: UsageStep[] = [];
    for (let at = 0; at < rows.length; at += limits.commitRows) {
      const some = rows.slice(at, at + limits.commitRows);
      steps.push({ cost: some.length, run: (transaction) => upsert(transaction, some) });
    }
    return steps;
  }

  /** Takes over everything that is pending, each source or destination in one step. */
  fold(): UsageStep[] {
    const steps: UsageStep[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.folding === undefined) {
        if (entry.pending.size === 0) continue;
        entry.folding = entry.pending;
        entry.pending = new Map();
        entry.isDirty = false;
      }
      const minutes = entry.folding;
      steps.push({ cost: foldCost, run: (rows) => this.#foldEntry(rows, entry, minutes) });
    }
    return steps;
  }

  /** The steps of `fold` are committed. */
  folded(): void {
    for (const entry of this.#entries.values()) {
      if (entry.folding === undefined) continue;
      entry.folding = undefined;
      entry.folds += 1;
    }
  }

  /** The steps at hand are not committed, or nobody knows: what is pending is written again, a fold is tried again. */
  failed(): void {
    for (const entry of this.#entries.values()) entry.isDirty ||= entry.pending.size > 0;
  }

  async #foldEntry(rows: Rows, entry: Entry, minutes: Minutes): Promise<void> {
    const { source, destination } = entry.key;
    const row = await rows
      .selectFrom('usage_pending')
      .select('folds')
      .where('source', '=', source)
      .where('destination', '=', destination)
      .where('partition', '=', this.#partition)
      .executeTakeFirst();
    const folds = Number(row?.folds ?? 0);
    // A commit whose answer was lost.
    if (folds > entry.folds) return;
    await addToRows(rows, this.#partition, entry.key, minutes);
    await upsert(rows, [{ ...this.#row(entry, '[]'), folds: entry.folds + 1 }]);
  }

  #row({ key, folds }: Entry, counts: string): UsagePendingTable {
    const { source, destination } = key;
    return { source, destination, partition: this.#partition, folds, counts };
  }

  #entry(key: UsageKey): Entry {
    const name = `${key.source}/${key.destination}`;
    const held = this.#entries.get(name);
    if (held !== undefined) return held;
    const entry: Entry = {
      key,
      pending: new Map(),
      folding: undefined,
      folds: 0,
      isDirty: false,
    };
    this.#entries.set(name, entry);
    return entry;
  }

  #some(test: (entry: Entry) => boolean): boolean {
    for (const entry of this.#entries.values()) if (test(entry)) return true;
    return false;
  }
}

async function upsert(rows: Rows, pending: readonly UsagePendingTable[]): Promise<void> {
  await rows
    .insertInto('usage_pending')
    .values(pending)
    .onConflict((conflict) =>
      conflict.columns(['source', 'destination', 'partition']).doUpdateSet((excluded) => ({
        folds: excluded.ref('excluded.folds'),
        counts: excluded.ref('excluded.counts'),
      })),
    )
    .execute();
}
