import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { LogReader } from '../../core/event-log.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Lease } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { SnapshotHolder, SyncRequest, WarehouseConfig } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { QueryOptions, QueryResult } from '../../core/warehouse-engine.ts';
import { withLease } from '../../core/with-lease.ts';
import type { SyncJob, SyncResult } from '../sync/sync-job.ts';
import { isSyncDue } from './due-time.ts';
import { hasNews } from './has-news.ts';
import type { ExportJob, LoadProcess } from './load-process.ts';
import { LoadStore } from './load-store.ts';

export interface LoadsOptions {
  /** Secrets opened. */
  readonly snapshot: SnapshotHolder;
  readonly store: StateStore<WorkTables>;
  /** Readers of `events`, by partition; asked for with the first warehouse. */
  openReaders(): Promise<readonly LogReader[]>;
  readonly process: LoadProcess;
  /** How often a warehouse of a kind is synced without a schedule, ms; undefined: there is no engine for it. */
  everyMs(warehouse: Pick<WarehouseConfig, 'slug' | 'settings'>): number | undefined;
  /** Whether the node was busy with events since the last time it was asked: then syncs by interval give way for a while. */
  isBusy(): boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  newId(): string;
}

/** The loads of a node. */
export interface Loads {
  /** Rejects with `not_found`, `input_validation` or `warehouse_failed`. */
  query(warehouseId: string, sql: string, options: QueryOptions): Promise<QueryResult>;
  /** As `LoadProcess.export`. */
  export(job: ExportJob, signal: AbortSignal): Promise<number>;
  /** For `/health`. */
  state(): JsonObject;
  /** The unit at hand is finished. */
  stop(): Promise<void>;
}

/**
 * Loads the warehouses of the configuration when their schedules, or somebody, ask for it: of several nodes one at a time each
 * warehouse. A sync for which the log has nothing new opens no engine. Without a warehouse nothing runs.
 */
export function startLoads(options: LoadsOptions): Loads {
  const loads = new Scheduler(options);
  const unsubscribe = options.snapshot.subscribe(() => loads.lookAgain());
  loads.wake();
  return {
    query: (id, sql, query) => loads.query(id, sql, query),
    export: (job, signal) => options.process.export(job, signal),
    state: () => loads.state(),
    stop: async () => {
      unsubscribe();
      await loads.stop();
    },
  };
}

const tickMs = 1_000;
/** A warehouse that had nothing to do is looked at again after this: other nodes, and hours, matter no more exactly. */
const restMs = 5_000;

class Scheduler {
  readonly #options: LoadsOptions;
  readonly #store: LoadStore;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  /** Warehouses that need not be looked at before, by their id. */
  readonly #restUntil = new Map<string, number>();
  #readers: Promise<readonly LogReader[]> | undefined;
  #cancelTick: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #isBusy = false;

  constructor(options: LoadsOptions) {
    this.#options = options;
    this.#store = new LoadStore(options.store);
  }

  state(): JsonObject {
    return { warehouses: this.#warehouses().length, loading: [...this.#running.keys()] };
  }

  /** The configuration has changed. */
  lookAgain(): void {
    this.#restUntil.clear();
    this.wake();
  }

  /** Looks at once what is to do, and then every second while there is a warehouse. */
  wake(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    if (this.#stopping.signal.aborted || this.#warehouses().length === 0) return;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#stopping.signal.aborted) return;
      this.#cancelTick = this.#options.clock.after(tickMs, () => this.wake());
    });
  }

  async query(id: string, sql: string, options: QueryOptions): Promise<QueryResult> {
    const warehouse = this.#options.snapshot.current.warehouses?.find((one) => one.id === id);
    if (warehouse === undefined)
      throw new TributaryError('not_found', 'There is no such warehouse');
    return this.#options.process.query(warehouse, sql, options);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTick?.();
    await this.#looking;
    await Promise.all(this.#running.values());
    await this.#options.process.stop();
    for (const reader of (await this.#readers) ?? []) await reader.close();
  }

  #warehouses(): readonly WarehouseConfig[] {
    const { snapshot, everyMs } = this.#options;
    return (snapshot.current.warehouses ?? []).filter(
      (warehouse) => warehouse.enabled && everyMs(warehouse) !== undefined,
    );
  }

  async #look(): Promise<void> {
    this.#isBusy = this.#options.isBusy();
    try {
      for (const warehouse of this.#warehouses()) {
        if (this.#running.size >= limits.warehouseLoads || this.#stopping.signal.aborted) return;
        const now = this.#options.clock.now();
        const rests = now < (this.#restUntil.get(warehouse.id) ?? 0);
        if (rests || this.#running.has(warehouse.id)) continue;
        const work = await this.#workOf(warehouse);
        if (work === undefined) {
          this.#restUntil.set(warehouse.id, now + restMs);
          continue;
        }
        const done = this.#work(warehouse, work).finally(() => this.#running.delete(warehouse.id));
        this.#running.set(warehouse.id, done);
      }
    } catch (error) {
      // The state store: the next look tries again.
      this.#options.logger.error(
        { err: error },
        'the loads of warehouses could not be looked over',
      );
    }
  }

  async #workOf(warehouse: WarehouseConfig): Promise<SyncRequest | 'scheduled' | undefined> {
    const { requests = [] } = warehouse;
    const ended = await this.#store.ended(requests.map(({ id }) => id));
    const request = requests.find(({ id }) => !ended.has(id));
    if (request !== undefined) return request;
    const longerMs = this.#isBusy ? limits.warehouseGiveWayMs : 0;
    const everyMs = (this.#options.everyMs(warehouse) ?? limits.warehouseRetryMostMs) + longerMs;
    const times = await this.#store.times(warehouse.id);
    return isSyncDue(warehouse, everyMs, times, this.#options.clock.now())
      ? 'scheduled'
      : undefined;
  }

  /** Never rejects. */
  async #work(warehouse: WarehouseConfig, work: SyncRequest | 'scheduled'): Promise<void> {
    const { store, logger } = this.#options;
    try {
      // Another node may be at it.
      await withLease(store.leases, `load/${warehouse.id}`, async (lease) => {
        // It may have been, until a moment ago.
        const current = await this.#workOf(warehouse);
        if (current === undefined) return;
        await this.#sync(warehouse, current === 'scheduled' ? undefined : current, lease);
      });
    } catch (error) {
      logger.error({ err: error, warehouse: warehouse.id, work }, 'a sync could not be recorded');
    }
  }

  async #sync(
    warehouse: WarehouseConfig,
    request: SyncRequest | undefined,
    lease: Lease,
  ): Promise<void> {
    const { clock, logger } = this.#options;
    const startedAt = clock.now();
    const before = await this.#store.times(warehouse.id);
    const failures = before?.failures ?? 0;
    await this.#store.setTimes(warehouse.id, { lastStarted: startedAt, failures });
    const isBackfill = request?.from !== undefined;
    try {
      const result = await this.#load(warehouse, request, lease);
      const total = Object.values(result?.rows ?? {}).reduce((sum, rows) => sum + rows, 0);
      const status = result?.isComplete === false ? 'PARTIAL' : 'SUCCESS';
      const report = {
        status,
        startedAt,
        endedAt: clock.now(),
        notices: result?.notices ?? [],
      } as const;
      if (result !== undefined) {
        if (!isBackfill) await this.#store.setReached(warehouse.id, result.reached);
        const { newId } = this.#options;
        const rows = Object.entries(result.rows);
        await this.#store.report(
          warehouse.id,
          rows.map(([sourceId, count]) => ({ ...report, id: newId(), sourceId, rows: count })),
        );
        const durationMs = Math.round(report.endedAt - startedAt);
        logger.info(
          { warehouse: warehouse.id, rows: total, durationMs, status },
          'a warehouse was synced',
        );
      }
      // What was cut off goes on with the next look.
      if (request !== undefined && status === 'SUCCESS') {
        await this.#store.endRequest(request.id, warehouse.id, { ...report, rows: total });
      }
      await this.#store.setTimes(warehouse.id, { lastStarted: startedAt, failures: 0 });
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      const message = error.message;
      const count = failures + 1;
      logger.error(
        { err: error, warehouse: warehouse.id, failures: count },
        'a warehouse could not be synced',
      );
      const notices = [{ level: 'error', message } as const];
      const report = {
        status: 'FAILURE',
        startedAt,
        endedAt: clock.now(),
        rows: 0,
        notices,
      } as const;
      const [source] = warehouse.sources;
      if (source !== undefined) {
        const id = this.#options.newId();
        await this.#store.report(warehouse.id, [{ ...report, id, sourceId: source.sourceId }]);
      }
      if (request !== undefined) await this.#store.endRequest(request.id, warehouse.id, report);
      await this.#store.setTimes(warehouse.id, { lastStarted: startedAt, failures: count });
    }
  }

  /** Undefined: there was nothing new, and no engine was opened. */
  async #load(
    warehouse: WarehouseConfig,
    request: SyncRequest | undefined,
    lease: Lease,
  ): Promise<SyncResult | undefined> {
    const { snapshot, process, clock } = this.#options;
    const isBackfill = request?.from !== undefined && request.to !== undefined;
    const seen = await this.#store.reached(warehouse.id);
    if (!isBackfill && !(await this.#hasNews(warehouse, seen))) return undefined;
    const { sources, suppressions } = snapshot.current;
    const connected = new Set(warehouse.sources.map(({ sourceId }) => sourceId));
    const job: SyncJob = {
      warehouse,
      slugs: Object.fromEntries(
        sources.filter(({ id }) => connected.has(id)).map(({ id, slug }) => [id, slug]),
      ),
      seen,
      ...(isBackfill && { backfill: backfillOf(request) }),
      ...(suppressions !== undefined && { suppressions }),
    };
    const ending = new AbortController();
    const cancel = clock.after(limits.warehouseSyncMs, () => ending.abort());
    try {
      const signal = AbortSignal.any([this.#stopping.signal, ending.signal, lease.lost]);
      return await process.sync(job, signal);
    } finally {
      cancel();
    }
  }

  async #hasNews(
    { id, sources }: WarehouseConfig,
    seen: Awaited<ReturnType<LoadStore['reached']>>,
  ): Promise<boolean> {
    const connected = new Set(sources.map(({ sourceId }) => sourceId));
    this.#readers ??= this.#options.openReaders();
    let isNew = false;
    for (const [partition, reader] of (await this.#readers).entries()) {
      reader.wake();
      const from = seen[partition] ?? { cursor: 0, upTo: 0 };
      const news = await hasNews(reader, from.upTo, connected);
      isNew ||= news.isNew;
      if (news.upTo === from.upTo) continue;
      await this.#store.setReached(id, { [partition]: { cursor: from.cursor, upTo: news.upTo } });
    }
    return isNew;
  }
}

function backfillOf({ id, from = 0, to = 0, sourceId }: SyncRequest) {
  return { id, from, to, ...(sourceId !== undefined && { sourceId }) };
}
