import type { Clock } from '../../core/clock.ts';
import type { SyncNotice } from '../sync/sync-job.ts';
import type { LoadStore, SyncReport } from './load-store.ts';

/** Rows by source. */
export type RowCounts = Readonly<Record<string, number>>;

export interface SyncRecordOptions {
  readonly store: LoadStore;
  readonly warehouse: string;
  /** That may bring rows. */
  readonly sources: readonly string[];
  readonly startedAt: number;
  readonly clock: Clock;
  newId(): string;
}

const writeEveryMs = 5_000;

/** What the history says of one sync: a report a source, `RUNNING` from its begin on. */
export class SyncRecord {
  readonly #options: SyncRecordOptions;
  /** By source. */
  readonly #ids: ReadonlyMap<string, string>;
  #rows: RowCounts = {};
  #writtenAt: number;

  static async begin(options: SyncRecordOptions): Promise<SyncRecord> {
    const record = new SyncRecord(options);
    const { store, warehouse, startedAt } = options;
    await store.beginReports(warehouse, record.#ids, startedAt);
    return record;
  }

  private constructor(options: SyncRecordOptions) {
    this.#options = options;
    this.#ids = new Map(options.sources.map((source) => [source, options.newId()]));
    this.#writtenAt = options.startedAt;
  }

  /** Rows of all sources that are in the warehouse. */
  get total(): number {
    return Object.values(this.#rows).reduce((sum, rows) => sum + rows, 0);
  }

  /** So many are in the warehouse by now. */
  async progress(rows: RowCounts): Promise<void> {
    this.#rows = rows;
    const { store, clock } = this.#options;
    if (clock.now() - this.#writtenAt < writeEveryMs) return;
    this.#writtenAt = clock.now();
    await store.countReports(this.#counted());
  }

  /** A source that brought nothing has no report, unless there is something to say of it, or it was asked for. */
  async end(
    status: SyncReport['status'],
    { notices, isAsked }: { readonly notices: readonly SyncNotice[]; readonly isAsked: boolean },
    rows: RowCounts = this.#rows,
  ): Promise<void> {
    this.#rows = rows;
    const { store, warehouse, clock } = this.#options;
    const keepsAll = status === 'FAILURE' || isAsked || (notices.length > 0 && this.total === 0);
    const kept = this.#counted().filter((one) => keepsAll || one.rows > 0);
    await store.endReports(warehouse, [...this.#ids.values()], {
      ...{ status, notices, endedAt: clock.now() },
      kept,
    });
  }

  #counted(): { readonly id: string; readonly rows: number }[] {
    return [...this.#ids].map(([source, id]) => ({ id, rows: this.#rows[source] ?? 0 }));
  }
}
