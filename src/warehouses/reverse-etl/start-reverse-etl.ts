import type { Clock } from '../../core/clock.ts';
import type { DestinationDefinition, Lane } from '../../core/destination.ts';
import { TributaryError } from '../../core/errors.ts';
import type { Http } from '../../core/http.ts';
import type { Lease } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { ReverseEtlConfig, Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { WarehouseQuery } from '../../core/warehouse-query.ts';
import { isDue } from '../schedule/is-due.ts';
import { RowStore } from './row-store.ts';
import { type Run, RunStore } from './run-store.ts';
import { ReverseEtlSync } from './run-sync.ts';

export interface ReverseEtlDeps {
  /** Secrets opened. */
  readonly snapshot: SnapshotHolder;
  readonly store: StateStore<WorkTables>;
  readonly definitions: readonly DestinationDefinition[];
  readonly query: WarehouseQuery;
  readonly http: Http;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Bytes of chance: the id of a sync that a schedule begins. */
  newId(): string;
}

export interface ReverseEtl {
  /** Ends what runs, within a page; it goes on at the next start. */
  stop(): Promise<void>;
}

/**
 * Runs the syncs of all models: those that are asked for, those that are due, and those that a crash cut off. One node of a cluster
 * does, the one that holds the lease; a subscription has one sync at a time. While there is no model, nothing runs and
 * no lease is asked for.
 */
export function startReverseEtl(deps: ReverseEtlDeps): ReverseEtl {
  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  const look = (snapshot: Snapshot) => {
    if (snapshot.reverseEtl === undefined || working !== undefined) return;
    working = workOn(deps, stopping.signal).catch((error: unknown) => {
      working = undefined;
      if (stopping.signal.aborted) return;
      deps.logger.error({ err: error }, 'reverse ETL is begun anew');
      deps.clock.after(limits.processRetryMostMs, () => look(deps.snapshot.current));
    });
  };
  const unsubscribe = deps.snapshot.subscribe(look);
  look(deps.snapshot.current);
  return {
    stop: async () => {
      unsubscribe();
      stopping.abort();
      await working;
    },
  };
}

async function workOn(deps: ReverseEtlDeps, stop: AbortSignal): Promise<void> {
  const lease = await deps.store.leases.take('reverse-etl', stop);
  const runner = new Runner(deps, lease);
  try {
    while (!stop.aborted && !lease.lost.aborted) {
      await runner.look();
      await deps.clock.sleep(limits.reverseEtlTickMs, AbortSignal.any([stop, lease.lost]));
    }
  } finally {
    await runner.stop();
    await lease.release();
  }
  stop.throwIfAborted();
  throw new TributaryError('lease_lost', 'Another node runs the syncs of reverse ETL');
}

/** Why a sync was aborted: by its owner, or because this node lets go of it. */
const cancelled = 'cancelled';
const letGo = 'let go';

class Runner {
  readonly #deps: ReverseEtlDeps;
  readonly #lease: Lease;
  readonly #rows: RowStore;
  readonly #runs: RunStore;
  /** By subscription. */
  readonly #running = new Map<
    string,
    { readonly id: string; readonly abort: AbortController; wasOpen: boolean; done: Promise<void> }
  >();
  /** When a schedule was first seen here: what it asked for earlier is not made up for. */
  readonly #since = new Map<string, number>();
  #version = -1;

  constructor(deps: ReverseEtlDeps, lease: Lease) {
    this.#deps = deps;
    this.#lease = lease;
    this.#rows = new RowStore(deps.store, lease);
    this.#runs = new RunStore(deps.store, lease);
  }

  async look(): Promise<void> {
    const { current } = this.#deps.snapshot;
    const configs = current.reverseEtl ?? [];
    if (current.version !== this.#version) {
      await this.#runs.keepOnly(configs.map(({ subscription }) => subscription.id));
      this.#version = current.version;
    }
    for (const [subscription, running] of this.#running) {
      const config = configs.find((one) => one.subscription.id === subscription);
      const isOpen = config?.open.includes(running.id) ?? false;
      if (isOpen) running.wasOpen = true;
      else if (running.wasOpen || config === undefined) running.abort.abort(cancelled);
    }
    for (const config of configs) {
      if (this.#running.size >= limits.reverseEtlParallel) return;
      if (this.#running.has(config.subscription.id)) continue;
      const run = await this.#next(config);
      if (run !== undefined) this.#start(run, config, current);
    }
  }

  async stop(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort(letGo);
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** What the subscription has to do now: to go on with what was cut off, to do what was asked for, or what is due. */
  async #next(config: ReverseEtlConfig): Promise<Run | undefined> {
    const { subscription, open, schedule, enabled } = config;
    const cutOff = await this.#runs.unfinished(subscription.id);
    if (cutOff !== undefined) return cutOff;
    for (const id of open) {
      if ((await this.#runs.find(id)) === undefined) return await this.#begin(id, config, 0);
    }
    if (schedule === undefined || !enabled) return undefined;
    const now = this.#deps.clock.now();
    const since = this.#since.get(subscription.id) ?? now;
    this.#since.set(subscription.id, since);
    const last = await this.#runs.lastScheduled(subscription.id);
    if (!isDue(schedule, last, since, now)) return undefined;
    return await this.#begin(this.#deps.newId(), config, 1);
  }

  async #begin(id: string, config: ReverseEtlConfig, scheduled: number): Promise<Run> {
    const run = {
      ...{ id, subscription: config.subscription.id, model: config.model.id, scheduled },
      ...{ status: 'IN_PROGRESS', started_at: Math.round(this.#deps.clock.now()) },
      ...{ extracted_at: null, finished_at: null, error: null, error_code: null },
      ...{ added: 0, updated: 0, deleted: 0, extracted: 0, delivered: 0, failed: 0 },
    };
    await this.#runs.begin(run);
    return run;
  }

  #start(run: Run, config: ReverseEtlConfig, snapshot: Snapshot): void {
    const abort = new AbortController();
    const cancel = this.#deps.clock.after(limits.reverseEtlSyncMs, () =>
      abort.abort(new TributaryError('unavailable', 'The sync took too long')),
    );
    const done = this.#run(run, config, snapshot, abort.signal)
      .catch((error: unknown) => {
        // The store said no, or another node has taken over: the run stays unfinished, and is gone on with.
        this.#deps.logger.warn({ err: error, sync: run.id }, 'a sync of reverse ETL was cut off');
      })
      .finally(() => {
        cancel();
        this.#running.delete(config.subscription.id);
      });
    this.#running.set(config.subscription.id, { id: run.id, abort, wasOpen: false, done });
  }

  async #run(
    run: Run,
    config: ReverseEtlConfig,
    snapshot: Snapshot,
    signal: AbortSignal,
  ): Promise<void> {
    const { query, http, clock, logger } = this.#deps;
    const end = (status: string, error?: string, code?: string) =>
      this.#runs.update(run.id, {
        ...{ status, finished_at: Math.round(clock.now()) },
        ...{ error: error ?? null, error_code: code ?? null },
      });
    const target = this.#target(config, snapshot);
    if (!target.ok) return await end('FAIL', target.problem, 'INVALID_CONFIGURATION');
    const shared = { rows: this.#rows, runs: this.#runs, lease: this.#lease };
    const sync = new ReverseEtlSync(
      { run, config, ...target, signal },
      { ...shared, query, http, clock },
    );
    try {
      const { failed, delivered, failure } = await sync.run();
      const worst = delivered > 0 ? 'PARTIAL_SUCCESS' : 'FAIL';
      await end(failed === 0 ? 'SUCCESS' : worst, failure, failed === 0 ? undefined : 'DELIVERY');
    } catch (error) {
      if (signal.reason === letGo || !this.#lease.holds()) throw error;
      if (signal.reason === cancelled) return await end('CANCELLED');
      const reason = signal.aborted ? signal.reason : error;
      if (!(reason instanceof TributaryError) || reason.code === 'store_failed') throw reason;
      logger.warn({ err: reason, sync: run.id }, 'a sync of reverse ETL failed');
      await end('FAIL', reason.message, reason.code.toUpperCase());
    }
  }

  #target({ connectionId, subscription, enabled, warehouseId }: ReverseEtlConfig, at: Snapshot) {
    const no = (problem: string) => ({ ok: false, problem }) as const;
    if (!enabled) return no('The model, the subscription or its destination is off');
    const connection = at.connections.find(({ id }) => id === connectionId);
    const definition = this.#deps.definitions.find(({ slug }) => slug === connection?.slug);
    if (connection === undefined || definition === undefined) {
      return no('This server has no code to deliver to the destination');
    }
    if (connection.obstacle !== undefined) return no(connection.obstacle);
    const warehouse = at.warehouses?.find(({ id }) => id === warehouseId);
    if (warehouse === undefined) {
      return no('There is no warehouse: name one in the setting "warehouseId" of the source');
    }
    const owner = { connection: connection.id, subscriptions: [subscription] };
    const lanes = definition.lanes(connection.settings, owner);
    if (!lanes.ok) return no(lanes.problem);
    const [lane, ...others]: readonly Lane[] = lanes.lanes;
    if (lane === undefined || others.length > 0) return no('The destination takes no rows');
    return { ok: true, lane, warehouse } as const;
  }
}
