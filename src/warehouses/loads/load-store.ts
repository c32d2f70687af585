import { limits } from '../../core/limits.ts';
import type { SyncTimes } from '../../core/next-sync.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { Reached, SyncNotice } from '../sync/sync-job.ts';

/** What came of a sync. */
export interface SyncReport {
  readonly status: 'SUCCESS' | 'PARTIAL' | 'FAILURE';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly rows: number;
  readonly notices: readonly SyncNotice[];
}

/** Reports of one statement: engines bound its parameters. */
const reportsAtOnce = 100;
/** Syncs of all sources that are kept, where they are many. */
const syncsOfAll = 20;

/** What the loads of a node remember, and the control process reads. Nothing of it decides what is loaded: that do the cursors in the warehouses. */
export class LoadStore {
  readonly #store: StateStore<WorkTables>;

  constructor(store: StateStore<WorkTables>) {
    this.#store = store;
  }

  async reached(warehouse: string): Promise<Record<number, Reached>> {
    const rows = await this.#store.db
      .selectFrom('warehouse_reached')
      .selectAll()
      .where('warehouse', '=', warehouse)
      .execute();
    return Object.fromEntries(
      rows.map(({ partition, cursor, up_to }) => [
        partition,
        { cursor: Number(cursor), upTo: Number(up_to) },
      ]),
    );
  }

  async setReached(warehouse: string, reached: Readonly<Record<number, Reached>>): Promise<void> {
    for (const [partition, { cursor, upTo }] of Object.entries(reached)) {
      const values = { cursor, up_to: upTo };
      await this.#store.db
        .insertInto('warehouse_reached')
        .values({ warehouse, partition: Number(partition), ...values })
        .onConflict((conflict) => conflict.columns(['warehouse', 'partition']).doUpdateSet(values))
        .execute();
    }
  }

  async times(warehouse: string): Promise<SyncTimes | undefined> {
    const row = await this.#store.db
      .selectFrom('warehouse_clock')
      .selectAll()
      .where('warehouse', '=', warehouse)
      .executeTakeFirst();
    return row && { lastStarted: Number(row.last_started), failures: Number(row.failures) };
  }

  async setTimes(warehouse: string, { lastStarted, failures }: SyncTimes): Promise<void> {
    const values = { last_started: Math.round(lastStarted), failures };
    await this.#store.db
      .insertInto('warehouse_clock')
      .values({ warehouse, ...values })
      .onConflict((conflict) => conflict.column('warehouse').doUpdateSet(values))
      .execute();
  }

  /** Reports of a sync that begins, by source; the oldest of the warehouse go. */
  async beginReports(
    warehouse: string,
    ids: ReadonlyMap<string, string>,
    startedAt: number,
  ): Promise<void> {
    const last = await this.#lastPosition(warehouse);
    const rows = [...ids].map(([source, id], index) => ({
      ...{ id, warehouse_id: warehouse, source_id: source, position: last + 1 + index },
      ...{ status: 'RUNNING', started_at: Math.round(startedAt), ended_at: null },
      ...{ rows_loaded: 0, notices: '[]' },
    }));
    for (const some of parts(rows)) {
      await this.#store.db.insertInto('warehouse_sync').values(some).execute();
    }
    const kept = Math.max(limits.syncsKept, rows.length * syncsOfAll);
    await this.#store.db
      .deleteFrom('warehouse_sync')
      .where('warehouse_id', '=', warehouse)
      .where('position', '<=', last + rows.length - kept)
      .execute();
  }

  async countReports(
    reports: readonly { readonly id: string; readonly rows: number }[],
  ): Promise<void> {
    for (const { id, rows } of reports.filter((one) => one.rows > 0)) {
      await this.#store.db
        .updateTable('warehouse_sync')
        .set({ rows_loaded: rows })
        .where('id', '=', id)
        .execute();
    }
  }

  /** Of the reports of a sync, `kept` say what came of it; the others go. */
  async endReports(
    warehouse: string,
    ids: readonly string[],
    {
      kept,
      status,
      notices,
      endedAt,
    }: Omit<SyncReport, 'startedAt' | 'rows'> & {
      readonly kept: readonly { readonly id: string; readonly rows: number }[];
    },
  ): Promise<void> {
    await this.countReports(kept);
    const keptIds = kept.map(({ id }) => id);
    for (const some of parts(keptIds)) {
      await this.#store.db
        .updateTable('warehouse_sync')
        .set({ status, notices: noticesOf(notices, endedAt), ended_at: Math.round(endedAt) })
        .where('warehouse_id', '=', warehouse)
        .where('id', 'in', some)
        .execute();
    }
    const known = new Set(keptIds);
    for (const some of parts(ids.filter((id) => !known.has(id)))) {
      await this.#store.db
        .deleteFrom('warehouse_sync')
        .where('warehouse_id', '=', warehouse)
        .where('id', 'in', some)
        .execute();
    }
  }

  /** Nobody loads the warehouse: reports that say otherwise are of a process that is gone. */
  async endInterrupted(warehouse: string, now: number): Promise<void> {
    const notice = {
      level: 'warning',
      message:
        'The sync was interrupted: its process ended. What it had loaded stays, the next goes on',
    } as const;
    await this.#store.db
      .updateTable('warehouse_sync')
      .set({ status: 'PARTIAL', notices: noticesOf([notice], now), ended_at: Math.round(now) })
      .where('warehouse_id', '=', warehouse)
      .where('status', '=', 'RUNNING')
      .execute();
  }

  /** The requests among these that have ended. */
  async ended(requests: readonly string[]): Promise<ReadonlySet<string>> {
    if (requests.length === 0) return new Set();
    const rows = await this.#store.db
      .selectFrom('warehouse_request_end')
      .select('request')
      .where('request', 'in', requests)
      .execute();
    return new Set(rows.map(({ request }) => request));
  }

  async endRequest(request: string, warehouse: string, report: SyncReport): Promise<void> {
    await this.#store.db
      .insertInto('warehouse_request_end')
      .values({
        request,
        warehouse,
        status: report.status,
        rows_loaded: report.rows,
        notices: noticesOf(report.notices, report.endedAt),
        started_at: Math.round(report.startedAt),
        ended_at: Math.round(report.endedAt),
      })
      .onConflict((conflict) => conflict.column('request').doNothing())
      .execute();
  }

  async #lastPosition(warehouse: string): Promise<number> {
    const { last } = await this.#store.db
      .selectFrom('warehouse_sync')
      .select(({ fn }) => fn.max('position').as('last'))
      .where('warehouse_id', '=', warehouse)
      .executeTakeFirstOrThrow();
    return Number(last ?? 0);
  }
}

function parts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / reportsAtOnce) }, (_, part) =>
    all.slice(part * reportsAtOnce, (part + 1) * reportsAtOnce),
  );
}

function noticesOf(notices: readonly SyncNotice[], now: number): string {
  const createdAt = new Date(now).toISOString();
  return JSON.stringify(notices.map((notice) => ({ ...notice, createdAt })));
}
