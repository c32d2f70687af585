import type { Offset } from '../core/event-log.ts';
import type { Lease } from '../core/lease.ts';
import { limits } from '../core/limits.ts';
import type { Stamp } from '../core/records.ts';
import type { StateStore } from '../core/state.ts';
import type { ArchiveExpiredTable, ArchiveFileTable } from '../core/tables/archive-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { underLease } from '../core/under-lease.ts';
import type { FileFacts } from './batch.ts';

/** A batch whose files are being written: what they will be, and where archiving stands after it. */
export interface PendingBatch {
  readonly to: Offset;
  readonly stamp: Stamp;
  readonly files: readonly FileFacts[];
}

export interface ArchivePosition {
  readonly name: string;
  readonly position: Offset;
  readonly stamp: Stamp;
  readonly pending: PendingBatch | undefined;
}

/** Where a partition's archive stands, and its manifest. Every write is the owner's alone: `lease_lost` otherwise. */
export class ArchiveStore {
  readonly #store: StateStore<WorkTables>;
  readonly #partition: number;
  readonly #lease: Lease;

  constructor(store: StateStore<WorkTables>, partition: number, lease: Lease) {
    this.#store = store;
    this.#partition = partition;
    this.#lease = lease;
  }

  /** The position; made with this name and offset when there is none. */
  async position(
    name: string,
    start: () => Promise<Offset>,
    now: number,
  ): Promise<ArchivePosition> {
    const found = await this.#find();
    if (found !== undefined) return found;
    const position = await start();
    const row = { partition: this.#partition, name, position, pending: null };
    await underLease(this.#store.db, this.#lease, async (rows) => {
      await rows
        .insertInto('archive_position')
        .values({ ...row, stamp_input: 0, stamp_item: -1, updated_at: Math.round(now) })
        .execute();
    });
    return { name, position, stamp: { input: 0, item: -1 }, pending: undefined };
  }

  async #find(): Promise<ArchivePosition | undefined> {
    const row = await this.#store.db
      .selectFrom('archive_position')
      .selectAll()
      .where('partition', '=', this.#partition)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      name: row.name,
      position: Number(row.position),
      stamp: { input: Number(row.stamp_input), item: Number(row.stamp_item) },
      pending: row.pending === null ? undefined : readPending(row.pending),
    };
  }

  /** From now on the batch, which begins at `position`, is written, and nothing else, until it is `written`. */
  async begin(position: Offset, pending: PendingBatch, now: number): Promise<void> {
    await underLease(this.#store.db, this.#lease, async (rows) => {
      await rows
        .updateTable('archive_position')
        .set({ position, pending: JSON.stringify(pending), updated_at: Math.round(now) })
        .where('partition', '=', this.#partition)
        .execute();
    });
  }

  /** The files are there: they enter the manifest, and archiving goes on behind them. */
  async written(
    files: readonly FileFacts[],
    { to, stamp }: Omit<PendingBatch, 'files'>,
    now: number,
    lost: { readonly events: number } = { events: 0 },
  ): Promise<void> {
    const written_at = Math.round(now);
    await underLease(this.#store.db, this.#lease, async (rows) => {
      for (let at = 0; at < files.length; at += limits.archiveRows) {
        const some = files.slice(at, at + limits.archiveRows);
        await rows
          .insertInto('archive_file')
          .values(some.map((file) => ({ ...file, written_at })))
          .execute();
      }
      if (lost.events > 0) {
        await addExpired(
          rows,
          this.#partition,
          { source: '', day: 0, reason: 'log' },
          lost.events,
          now,
        );
      }
      await rows
        .updateTable('archive_position')
        .set({
          ...{ position: to, stamp_input: stamp.input, stamp_item: stamp.item },
          ...{ pending: null, updated_at: written_at },
        })
        .where('partition', '=', this.#partition)
        .execute();
    });
  }

  /** The partition's files in the order of their days, then of their events. */
  async files(
    narrow: { readonly source?: string | undefined; readonly before?: number } = {},
    page: { readonly after?: ArchiveFileTable | undefined; readonly limit?: number } = {},
  ): Promise<ArchiveFileTable[]> {
    let query = this.#store.db
      .selectFrom('archive_file')
      .selectAll()
      .where('partition', '=', this.#partition);
    const { source, before } = narrow;
    if (source !== undefined) query = query.where('source', '=', source);
    if (before !== undefined) query = query.where('day', '<', before);
    const { after } = page;
    if (after !== undefined) {
      query = query.where((row) =>
        row.or([
          row('day', '>', after.day),
          row.and([row('day', '=', after.day), row('key', '>', after.key)]),
        ]),
      );
    }
    const rows = await query
      .orderBy('day')
      .orderBy('key')
      .limit(page.limit ?? limits.archiveRows)
      .execute();
    return rows.map(readFile);
  }

  /** Number of the partition's files, or of one source's. */
  async count(source: string | undefined): Promise<number> {
    let query = this.#store.db
      .selectFrom('archive_file')
      .select(({ fn }) => fn.countAll<number>().as('files'))
      .where('partition', '=', this.#partition);
    if (source !== undefined) query = query.where('source', '=', source);
    return Number((await query.executeTakeFirst())?.files ?? 0);
  }

  async bytes(): Promise<number> {
    const row = await this.#store.db
      .selectFrom('archive_file')
      .select(({ fn }) => fn.sum<number>('bytes').as('bytes'))
      .where('partition', '=', this.#partition)
      .executeTakeFirst();
    return Number(row?.bytes ?? 0);
  }

  /** The file is gone because of a bound: its events are counted. */
  async expire(file: ArchiveFileTable, reason: 'age' | 'size', now: number): Promise<void> {
    const { key, source, day, events } = file;
    await underLease(this.#store.db, this.#lease, async (rows) => {
      const { numDeletedRows } = await rows
        .deleteFrom('archive_file')
        .where('key', '=', key)
        .executeTakeFirst();
      if (numDeletedRows === 0n) return;
      await addExpired(rows, this.#partition, { source, day, reason }, events, now);
    });
  }

  /** The file was written anew without some of its events, or is gone with all. */
  async rewritten(
    key: string,
    facts: Pick<FileFacts, 'events' | 'bytes' | 'sha256'>,
  ): Promise<void> {
    await underLease(this.#store.db, this.#lease, async (rows) => {
      if (facts.events === 0)
        await rows.deleteFrom('archive_file').where('key', '=', key).execute();
      else await rows.updateTable('archive_file').set(facts).where('key', '=', key).execute();
    });
  }
}

type Rows = Parameters<Parameters<typeof underLease>[2]>[0];

async function addExpired(
  rows: Rows,
  partition: number,
  where: Pick<ArchiveExpiredTable, 'source' | 'day' | 'reason'>,
  events: number,
  now: number,
): Promise<void> {
  await rows
    .insertInto('archive_expired')
    .values({ partition, ...where, events, updated_at: Math.round(now) })
    .onConflict((conflict) =>
      conflict.columns(['partition', 'source', 'day', 'reason']).doUpdateSet((row) => ({
        events: row('archive_expired.events', '+', events),
        updated_at: Math.round(now),
      })),
    )
    .execute();
}

/** Numbers as numbers: PostgreSQL gives large ones as texts. */
export function readFile(row: ArchiveFileTable): ArchiveFileTable {
  return {
    ...row,
    day: Number(row.day),
    first_offset: Number(row.first_offset),
    last_offset: Number(row.last_offset),
    first_time: Number(row.first_time),
    last_time: Number(row.last_time),
    events: Number(row.events),
    bytes: Number(row.bytes),
    written_at: Number(row.written_at),
  };
}

function readPending(text: string): PendingBatch {
  return JSON.parse(text) as PendingBatch;
}
