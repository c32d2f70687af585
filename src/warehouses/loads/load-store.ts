import { limits } from '../../core/limits.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { Reached, SyncNotice } from '../sync/sync-job.ts';

/** What a sync reports of one source. */
export interface SyncReport {
  readonly id: string;
  readonly sourceId: string;
  readonly status: 'SUCCESS' | 'PARTIAL' | 'FAILURE';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly rows: number;
  readonly notices: readonly SyncNotice[];
}

export interface LoadTimes {
  readonly lastStarted: number;
  /** Failures in a row. */
  readonly failures: number;
}

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

  async times(warehouse: string): Promise<LoadTimes | undefined> {
    const row = await this.#store.db
      .selectFrom('warehouse_clock')
      .selectAll()
      .where('warehouse', '=', warehouse)
      .executeTakeFirst();
    return row && { lastStarted: Number(row.last_started), failures: Number(row.failures) };
  }

  async setTimes(warehouse: string, { lastStarted, failures }: LoadTimes): Promise<void> {
    const values = { last_started: Math.round(lastStarted), failures };
    await this.#store.db
      .insertInto('warehouse_clock')
      .values({ warehouse, ...values })
      .onConflict((conflict) => conflict.column('warehouse').doUpdateSet(values))
      .execute();
  }

  async report(warehouse: string, reports: readonly SyncReport[]): Promise<void> {
    for (const report of reports) {
      const last = await this.#lastPosition(warehouse);
      await this.#store.db
        .insertInto('warehouse_sync')
        .values({
          id: report.id,
          warehouse_id: warehouse,
          source_id: report.sourceId,
          position: last + 1,
          status: report.status,
          started_at: Math.round(report.startedAt),
          ended_at: Math.round(report.endedAt),
          rows_loaded: report.rows,
          notices: noticesOf(report.notices, report.endedAt),
        })
        .execute();
      await this.#store.db
        .deleteFrom('warehouse_sync')
        .where('warehouse_id', '=', warehouse)
        .where('position', '<=', last + 1 - limits.syncsKept)
        .execute();
    }
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

  async endRequest(
    request: string,
    warehouse: string,
    report: Omit<SyncReport, 'id' | 'sourceId'>,
  ): Promise<void> {
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

function noticesOf(notices: readonly SyncNotice[], now: number): string {
  const createdAt = new Date(now).toISOString();
  return JSON.stringify(notices.map((notice) => ({ ...notice, createdAt })));
}
