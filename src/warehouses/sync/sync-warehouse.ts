import type { Clock } from '../../core/clock.ts';
import type { LogReader, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type {
  LoadCursor,
  StoredCursor,
  Warehouse,
  WarehouseDialect,
} from '../../core/warehouse-engine.ts';
import { type RecordFilter, RecordReader } from './record-reader.ts';
import type { Reached, SyncJob, SyncNotice, SyncResult } from './sync-job.ts';
import { misfitNotices } from './sync-notices.ts';
import { countRows, type UnitContent, UnitMaker } from './unit-maker.ts';

export interface SyncOptions {
  readonly job: SyncJob;
  readonly warehouse: Warehouse;
  readonly dialect: WarehouseDialect;
  /** Of `events`, by partition. */
  readonly readers: readonly LogReader[];
  readonly suppressions: Suppressions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the sync after the unit at hand. */
  readonly signal: AbortSignal;
  /** Told the rows by source that are in the warehouse, when reading begins and after each unit. */
  readonly onProgress?: (rows: Readonly<Record<string, number>>) => void;
  /** Tests shrink it. */
  readonly unitEvents?: number;
}

const nothingTaken: LoadCursor = { position: 0, stamp: { input: 0, item: -1 } };

/**
 * Loads what is new in `events`, or a range of it, into a warehouse: unit by unit, each with its cursor, up to the end that
 * each partition has when it begins. While the warehouse takes one unit the next is made.
 */
export async function syncWarehouse(options: SyncOptions): Promise<SyncResult> {
  return new Sync(options, await UnitMaker.open(options)).run();
}

class Sync {
  readonly #options: SyncOptions;
  readonly #maker: UnitMaker;
  readonly #filter: RecordFilter;
  readonly #stream: string;
  readonly #rows = new Map<string, number>();
  readonly #notices: SyncNotice[] = [];
  readonly #reached: Record<number, Reached> = {};
  /** The unit that is being loaded. */
  #loading: Promise<void> = Promise.resolve();

  constructor(options: SyncOptions, maker: UnitMaker) {
    const { job, suppressions } = options;
    const { backfill, warehouse } = job;
    this.#options = options;
    this.#maker = maker;
    this.#stream = backfill === undefined ? 'live' : `backfill/${backfill.id}`;
    const chosen = warehouse.sources.filter(
      ({ sourceId }) => backfill?.sourceId === undefined || backfill.sourceId === sourceId,
    );
    const bounds = (since: number) => ({
      since: backfill?.from ?? since,
      until: backfill?.to ?? Number.POSITIVE_INFINITY,
    });
    this.#filter = {
      warehouse: warehouse.id,
      sources: new Map(chosen.map(({ sourceId, since }) => [sourceId, bounds(since)])),
      suppressions,
    };
  }

  async run(): Promise<SyncResult> {
    const { job, readers, warehouse, signal } = this.#options;
    const stored = await warehouse.cursors(job.warehouse.id);
    this.#options.onProgress?.({});
    for (const [partition, reader] of readers.entries()) {
      if (signal.aborted) break;
      const cursor = stored.find(
        (one) => one.stream === this.#stream && one.partition === partition,
      );
      await this.#loadPartition(partition, reader, cursor);
    }
    const isComplete = !signal.aborted;
    if (isComplete && job.backfill !== undefined) {
      await warehouse.forget(job.warehouse.id, this.#stream);
    }
    return {
      rows: Object.fromEntries(this.#rows),
      notices: [...this.#notices, ...misfitNotices(this.#maker.misfits)],
      isComplete,
      reached: this.#reached,
    };
  }

  async #loadPartition(
    partition: number,
    reader: LogReader,
    stored: StoredCursor | undefined,
  ): Promise<void> {
    const { signal } = this.#options;
    const end = await reader.end();
    const at = await this.#begin(partition, reader, stored, end);
    const records = new RecordReader(this.#filter, at.stamp);
    let from: LoadCursor | undefined = stored && { position: stored.position, stamp: stored.stamp };
    let position = at.position;
    let pending = stored?.pending;
    try {
      while (position < end && !signal.aborted) {
        const now = new Date(this.#options.clock.now()).toISOString();
        const stop = { end: pending ?? end, isExact: pending !== undefined };
        const { next, events } = await this.#gather(reader, records, position, stop, now);
        if (next === position && events === 0) break;
        position = next;
        // Nothing to load: the cursor stays, and what follows is read again next time if nothing comes of it either.
        if (events === 0 && pending === undefined) continue;
        pending = undefined;
        // The rows of the unit may build on those of the one before.
        await this.#loading;
        const to = { position, stamp: records.stamp };
        this.#load(partition, from, to, await this.#maker.take(now));
        from = to;
      }
    } finally {
      await this.#loading;
    }
    this.#reached[partition] = { cursor: from?.position ?? 0, upTo: position };
  }

  /** Where to begin to read: at the cursor, or what was found to hold nothing behind it. */
  async #begin(
    partition: number,
    reader: LogReader,
    stored: StoredCursor | undefined,
    end: Offset,
  ): Promise<LoadCursor> {
    const start = await reader.start();
    const seen = this.#options.job.seen[partition];
    if (stored === undefined) {
      const times = [...this.#filter.sources.values()].map(({ since }) => since);
      const position = times.length === 0 ? end : await reader.offsetAt(Math.min(...times));
      const isAfter = this.#stream === 'live' && seen?.cursor === 0;
      return { ...nothingTaken, position: Math.max(position, start, isAfter ? seen.upTo : 0) };
    }
    const { position, stamp } = stored;
    if (position > end) {
      this.#say(
        'warning',
        `The log ends before what was loaded from partition ${partition}: it is another one, and is loaded from its start. Rows that are there stay as they are.`,
      );
      return { ...nothingTaken, position: start };
    }
    // Of a log of input that was lost, whose offsets are given anew: see core/records.ts.
    const isAhead = stamp.input >= (await reader.mark()) && stamp.item >= 0;
    const taken = isAhead ? nothingTaken.stamp : stamp;
    const isSeen = this.#stream === 'live' && seen?.cursor === position && seen.upTo > position;
    const from = isSeen && stored.pending === undefined ? Math.min(seen.upTo, end) : position;
    if (start > from) {
      this.#say(
        'warning',
        'Events were deleted from the log before they were loaded: its retention is shorter than the time since the last sync.',
      );
    }
    return { position: Math.max(from, start), stamp: taken };
  }

  /** Adds events to the next unit until it is full, or `end` is reached. */
  async #gather(
    reader: LogReader,
    records: RecordReader,
    from: Offset,
    { end, isExact }: { readonly end: Offset; readonly isExact: boolean },
    now: string,
  ): Promise<{ readonly next: Offset; readonly events: number }> {
    const { suppressions, signal, logger, unitEvents = limits.unitEvents } = this.#options;
    await suppressions.refresh(signal);
    let position = from;
    let events = 0;
    let bytes = 0;
    const isFull = () =>
      !isExact &&
      (events >= unitEvents ||
        bytes >= limits.unitBytes ||
        (events % 64 === 0 && this.#maker.touched >= limits.unitTables));
    while (position < end && !isFull() && (isExact || !signal.aborted)) {
      const { records: read, next, damaged } = await reader.read(position, { maxBytes: readBytes });
      for (const range of damaged) {
        logger.error({ ...range }, 'a part of the log cannot be read');
        this.#say('warning', `A part of the log is damaged and was passed over: ${range.reason}`);
      }
      let reached = next;
      for (const record of read) {
        if (record.offset >= end || isFull()) {
          reached = record.offset;
          break;
        }
        if (!this.#filter.sources.has(record.source)) continue;
        if (!this.#maker.isPrepared(record.source)) await this.#prepare(record.source);
        const loadable = records.read(record);
        if (loadable === undefined) continue;
        this.#maker.add(record.source, loadable, now);
        events += 1;
        bytes += record.body.length;
      }
      if (reached === position) break;
      position = Math.min(reached, end);
    }
    return { next: position, events };
  }

  async #prepare(source: string): Promise<void> {
    await this.#loading;
    await this.#maker.prepare(source);
  }

  #load(
    partition: number,
    from: LoadCursor | undefined,
    to: LoadCursor,
    { owners, ...content }: UnitContent,
  ): void {
    const { job, warehouse } = this.#options;
    const stream = this.#stream;
    const id = `${job.warehouse.id}/${stream}/${partition}/${from?.position ?? 0}-${to.position}`;
    const unit = { id, warehouse: job.warehouse.id, stream, partition, from, to, ...content };
    this.#loading = warehouse.load(unit).then((loaded) => {
      countRows(this.#rows, owners, loaded);
      this.#options.onProgress?.(Object.fromEntries(this.#rows));
    });
    // It is awaited before the next; meanwhile nobody listens.
    this.#loading.catch(() => undefined);
  }

  #say(level: SyncNotice['level'], message: string): void {
    this.#notices.push({ level, message });
  }
}

const readBytes = 1024 * 1024;
