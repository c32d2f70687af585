import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { LogReader } from '../../core/event-log.ts';
import type { Lease } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { SnapshotHolder, SyncRequest, WarehouseConfig } from '../../core/snapshot.ts';
import type { Backfill, SyncJob, SyncNotice, SyncResult } from '../sync/sync-job.ts';
import { hasNews } from './has-news.ts';
import type { LoadProcess } from './load-process.ts';
import type { LoadStore, SyncReport } from './load-store.ts';
import { SyncRecord } from './sync-record.ts';

export interface SyncRunOptions {
  /** Secrets opened. */
  readonly snapshot: SnapshotHolder;
  /**
   * Resolves true once process has come to what was accepted when it was called; false when that takes longer than
   * `limits.warehouseProcessMs`, or the signal aborts.
   */
  untilProcessed(signal: AbortSignal): Promise<boolean>;
  readonly process: LoadProcess;
  readonly clock: Clock;
  readonly logger: Logger;
  newId(): string;
}

interface SyncRunDeps {
  readonly store: LoadStore;
  readers(): Promise<readonly LogReader[]>;
  readonly stopping: AbortSignal;
  /** A unit of the warehouse was loaded, or its sync has begun to. */
  onProgress(warehouse: string): void;
}

interface Done {
  /** Absent: there was nothing new, and no engine was opened. */
  readonly result?: SyncResult;
  readonly notices: readonly SyncNotice[];
}

const unprocessed: SyncNotice = {
  level: 'warning',
  message: `Events that were accepted before the sync was asked for were not processed ${limits.warehouseProcessMs / 1_000} s later: the next sync brings them`,
};

/** Runs syncs, and writes down what came of them. */
export class SyncRun {
  readonly #options: SyncRunOptions;
  readonly #deps: SyncRunDeps;

  constructor(options: SyncRunOptions, deps: SyncRunDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /** Rejects when the state store does. */
  async sync(
    warehouse: WarehouseConfig,
    request: SyncRequest | undefined,
    lease: Lease,
  ): Promise<void> {
    const { store } = this.#deps;
    const startedAt = this.#options.clock.now();
    const before = await store.times(warehouse.id);
    const failures = before?.failures ?? 0;
    await store.setTimes(warehouse.id, { lastStarted: startedAt, failures });
    let record: SyncRecord | undefined;
    const begin = async () => {
      record = await this.#begin(warehouse, request, startedAt);
      return record;
    };
    try {
      const { result, notices } = await this.#load(warehouse, request, lease, begin);
      const status = result?.isComplete === false ? 'PARTIAL' : 'SUCCESS';
      if (result !== undefined && record !== undefined) {
        if (request?.from === undefined) await store.setReached(warehouse.id, result.reached);
        await record.end(status, { notices, isAsked: request !== undefined }, result.rows);
      }
      await this.#ended(warehouse, request, {
        ...{ status, startedAt, rows: record?.total ?? 0, notices },
      });
      await store.setTimes(warehouse.id, { lastStarted: startedAt, failures: 0 });
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      const count = failures + 1;
      this.#options.logger.error(
        { err: error, warehouse: warehouse.id, failures: count },
        'a warehouse could not be synced',
      );
      const notices = [{ level: 'error', message: error.message } as const];
      record ??= await this.#begin(warehouse, request, startedAt);
      await record.end('FAILURE', { notices, isAsked: true });
      await this.#ended(warehouse, request, {
        ...{ status: 'FAILURE', startedAt, rows: record.total, notices },
      });
      await store.setTimes(warehouse.id, { lastStarted: startedAt, failures: count });
    }
  }

  #begin(
    { id, sources }: WarehouseConfig,
    request: SyncRequest | undefined,
    startedAt: number,
  ): Promise<SyncRecord> {
    const { clock, newId } = this.#options;
    const all = sources.map(({ sourceId }) => sourceId);
    const chosen = all.filter((one) => [undefined, one].includes(request?.sourceId));
    const { store } = this.#deps;
    return SyncRecord.begin({ store, warehouse: id, sources: chosen, startedAt, clock, newId });
  }

  async #ended(
    { id }: WarehouseConfig,
    request: SyncRequest | undefined,
    report: Omit<SyncReport, 'endedAt'>,
  ): Promise<void> {
    const endedAt = this.#options.clock.now();
    const { status, rows, startedAt } = report;
    const durationMs = Math.round(endedAt - startedAt);
    if (rows > 0) {
      this.#options.logger.info(
        { warehouse: id, rows, durationMs, status },
        'a warehouse was synced',
      );
    }
    // What was cut off goes on with the next look.
    if (request === undefined || status === 'PARTIAL') return;
    await this.#deps.store.endRequest(request.id, id, { ...report, endedAt });
  }

  async #load(
    warehouse: WarehouseConfig,
    request: SyncRequest | undefined,
    lease: Lease,
    begin: () => Promise<SyncRecord>,
  ): Promise<Done> {
    const { snapshot, process, clock, untilProcessed } = this.#options;
    const { stopping, store, onProgress } = this.#deps;
    const ending = new AbortController();
    const cancel = clock.after(limits.warehouseSyncMs, () => ending.abort());
    const signal = AbortSignal.any([stopping, ending.signal, lease.lost]);
    const backfill = request && backfillOf(request, clock.now());
    try {
      // What was acknowledged before somebody asked is loaded.
      const isBehind = request !== undefined && !(await untilProcessed(signal));
      const late = isBehind ? [unprocessed] : [];
      const seen = await store.reached(warehouse.id);
      if (backfill === undefined && !(await this.#hasNews(warehouse, seen))) {
        return { notices: late };
      }
      const record = await begin();
      const { sources, suppressions, deletions, newestDeletion } = snapshot.current;
      const connected = new Set(warehouse.sources.map(({ sourceId }) => sourceId));
      const job: SyncJob = {
        warehouse,
        slugs: Object.fromEntries(
          sources.filter(({ id }) => connected.has(id)).map(({ id, slug }) => [id, slug]),
        ),
        seen,
        ...(backfill && { backfill }),
        ...(suppressions !== undefined && { suppressions }),
        ...(deletions !== undefined && { deletions }),
        ...(newestDeletion !== undefined && { newestDeletion }),
      };
      let counted: Promise<void> = Promise.resolve();
      const result = await process.sync(job, signal, (rows) => {
        onProgress(warehouse.id);
        counted = counted.then(() => record.progress(rows));
        // The store: it is awaited below.
        counted.catch(() => undefined);
      });
      await counted;
      return { result, notices: [...result.notices, ...late] };
    } finally {
      cancel();
    }
  }

  async #hasNews(
    { id, sources }: WarehouseConfig,
    seen: Awaited<ReturnType<LoadStore['reached']>>,
  ): Promise<boolean> {
    const connected = new Set(sources.map(({ sourceId }) => sourceId));
    const { store, readers } = this.#deps;
    let isNew = false;
    for (const [partition, reader] of (await readers()).entries()) {
      reader.wake();
      const from = seen[partition] ?? { cursor: 0, upTo: 0 };
      const news = await hasNews(reader, from.upTo, connected);
      isNew ||= news.isNew;
      if (news.upTo === from.upTo) continue;
      await store.setReached(id, { [partition]: { cursor: from.cursor, upTo: news.upTo } });
    }
    return isNew;
  }
}

/** Without an end it goes up to the moment at which it runs. */
function backfillOf(request: SyncRequest, now: number): Backfill | undefined {
  const { id, from, to = now, sourceId, collection } = request;
  if (from === undefined) return undefined;
  return {
    ...{ id, from, to },
    ...(sourceId !== undefined && { sourceId }),
    ...(collection !== undefined && { collection }),
  };
}
