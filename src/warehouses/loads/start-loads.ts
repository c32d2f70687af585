import { TributaryError } from '../../core/errors.ts';
import type { LogReader } from '../../core/event-log.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { nextSyncAt } from '../../core/next-sync.ts';
import type { SyncRequest, WarehouseConfig } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { QueryOptions, QueryResult } from '../../core/warehouse-engine.ts';
import { withLease } from '../../core/with-lease.ts';
import type { ExportJob } from './load-process.ts';
import { LoadStore } from './load-store.ts';
import { SyncRun, type SyncRunOptions } from './sync-run.ts';

export interface LoadsOptions extends SyncRunOptions {
  readonly store: StateStore<WorkTables>;
  /** Readers of `events`, by partition; asked for with the first warehouse. */
  openReaders(): Promise<readonly LogReader[]>;
  /** How often a warehouse of a kind is synced without a schedule, ms; undefined: there is no engine for it. */
  everyMs(warehouse: Pick<WarehouseConfig, 'slug' | 'settings'>): number | undefined;
  /** Whether the node was busy with events since the last time it was asked: then syncs by interval give way for a while. */
  isBusy(): boolean;
}

/** The loads of a node. */
export interface Loads {
  /** Rejects with `not_found`, `input_validation` or `warehouse_failed`. */
  query(warehouseId: string, sql: string, options: QueryOptions): Promise<QueryResult>;
  /** As `LoadProcess.export`. */
  export(job: ExportJob, signal: AbortSignal): Promise<number>;
  /** For `/health`. */
  state(): JsonObject;
  /** The units at hand are finished, unless they take longer than `limits.warehouseStopMs`. */
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
  readonly #run: SyncRun;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  /** By warehouse, when its sync last came on. */
  readonly #cameOn = new Map<string, number>();
  /** Warehouses that need not be looked at before, by their id. */
  readonly #restUntil = new Map<string, number>();
  #readers: Promise<readonly LogReader[]> | undefined;
  #cancelTick: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #isBusy = false;

  constructor(options: LoadsOptions) {
    this.#options = options;
    this.#store = new LoadStore(options.store);
    this.#run = new SyncRun(options, {
      store: this.#store,
      readers: () => this.#openReaders(),
      stopping: this.#stopping.signal,
      onProgress: (warehouse) => this.#cameOn.set(warehouse, options.clock.now()),
    });
  }

  state(): JsonObject {
    const stalled = [...this.#running.keys()].filter((id) => this.#isStalled(id));
    return {
      ...{ warehouses: this.#warehouses().length, loading: [...this.#running.keys()] },
      ...(stalled.length > 0 && { stalled }),
    };
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
    await this.#ended();
    await this.#options.process.stop();
    for (const reader of (await this.#readers) ?? []) await reader.close();
  }

  /** What hangs is killed with its process: a unit is whole or not there. */
  async #ended(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(limits.warehouseStopMs, resolve);
    await Promise.race([Promise.all(this.#running.values()), promise]);
    cancel();
  }

  #openReaders(): Promise<readonly LogReader[]> {
    this.#readers ??= this.#options.openReaders();
    return this.#readers;
  }

  #isStalled(warehouse: string): boolean {
    const cameOn = this.#cameOn.get(warehouse) ?? 0;
    return this.#options.clock.now() - cameOn >= limits.warehouseStallMs;
  }

  /** A warehouse that hangs keeps no other from being loaded. */
  #hasRoom(): boolean {
    if (this.#running.size >= limits.warehouseLoadsMost) return false;
    const active = [...this.#running.keys()].filter((id) => !this.#isStalled(id));
    return active.length < limits.warehouseLoads;
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
        if (!this.#hasRoom() || this.#stopping.signal.aborted) return;
        const now = this.#options.clock.now();
        const rests = now < (this.#restUntil.get(warehouse.id) ?? 0);
        if (rests || this.#running.has(warehouse.id)) continue;
        const work = await this.#workOf(warehouse);
        if (work === undefined) {
          this.#restUntil.set(warehouse.id, now + restMs);
          continue;
        }
        this.#cameOn.set(warehouse.id, now);
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
    const everyMs = this.#options.everyMs(warehouse) ?? limits.warehouseRetryMostMs;
    const times = await this.#store.times(warehouse.id);
    const next = nextSyncAt(warehouse.schedule, everyMs, times, longerMs);
    return next !== undefined && next <= this.#options.clock.now() ? 'scheduled' : undefined;
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
        await this.#store.endInterrupted(warehouse.id, this.#options.clock.now());
        await this.#run.sync(warehouse, current === 'scheduled' ? undefined : current, lease);
      });
    } catch (error) {
      logger.error({ err: error, warehouse: warehouse.id, work }, 'a sync could not be recorded');
    }
  }
}
