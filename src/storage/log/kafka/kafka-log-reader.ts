import type { RecordsBatch } from '@platformatic/kafka';
import type { Clock } from '../../../core/clock.ts';
import type {
  LogReader,
  LogRecord,
  Offset,
  ReadOptions,
  ReadResult,
} from '../../../core/event-log.ts';
import { limits } from '../../../core/limits.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { lastMark } from './last-mark.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import { offsetOf, type Place, toKafka, toOffset, toRecord } from './record-format.ts';
import { endOfTries, tryAgain } from './try-again.ts';

export interface KafkaLogReaderOptions {
  readonly cluster: KafkaCluster;
  readonly place: Place;
  readonly clock: Clock;
  readonly onClose: () => void;
}

/** A part of the log as it was fetched: everything in [from, next). */
interface Stretch {
  readonly from: Offset;
  readonly next: Offset;
  readonly records: readonly LogRecord[];
}

/** How long the broker holds a request that waits for new records, ms. */
const pollMs = 5_000;
/** How long the brokers may be away when they are asked for an end, ms. */
const askMs = 60_000;

/**
 * Reads one partition. What a fetch brings beyond the bytes asked for is kept for the next read. Reading and waiting have
 * connections of their own: a broker answers the requests of a connection in order.
 */
export class KafkaLogReader implements LogReader {
  readonly #options: KafkaLogReaderOptions;
  readonly #reads: PartitionFetcher;
  readonly #polls: PartitionFetcher;
  readonly #polling = new Map<Offset, Promise<boolean>>();
  readonly #closing = endOfTries();
  #stretch: Stretch | undefined;

  constructor(options: KafkaLogReaderOptions) {
    const { cluster, place, clock } = options;
    this.#options = options;
    this.#reads = new PartitionFetcher(cluster, place, clock);
    this.#polls = new PartitionFetcher(cluster, place, clock);
  }

  async read(from: Offset, options: ReadOptions = {}): Promise<ReadResult> {
    const most = options.maxBytes ?? limits.logReadBytes;
    for (let at = from; ; ) {
      const stretch = this.#kept(at) ?? (await this.#fetch(at, most));
      if (stretch === undefined) return { records: [], next: at, damaged: [] };
      const found = pick(stretch, at, most, options.source);
      if (found.records.length > 0) return found;
      at = found.next;
    }
  }

  async wait(from: Offset, signal: AbortSignal): Promise<boolean> {
    if (this.#kept(from) !== undefined) return !signal.aborted;
    const closed = this.#closing.signal;
    const ended = Promise.withResolvers<false>();
    const end = () => ended.resolve(false);
    signal.addEventListener('abort', end);
    closed.addEventListener('abort', end);
    try {
      while (!signal.aborted && !closed.aborted) {
        if (await Promise.race([this.#poll(from), ended.promise])) return true;
      }
      return false;
    } finally {
      signal.removeEventListener('abort', end);
      closed.removeEventListener('abort', end);
    }
  }

  wake(): void {
    // The broker answers a waiting fetch by itself, whoever has written.
  }

  async start(): Promise<Offset> {
    return toOffset((await this.#bounds())[0]);
  }

  async end(): Promise<Offset> {
    return toOffset((await this.#bounds())[1]);
  }

  mark(): Promise<Offset> {
    const { cluster, place, clock } = this.#options;
    return lastMark(cluster, place, clock);
  }

  async offsetAt(time: number): Promise<Offset> {
    const { cluster, place } = this.#options;
    // Asked for first: what is appended between the two questions stands behind it.
    const end = await this.end();
    const found = await this.#ask(() => cluster.offsetAt(place, BigInt(Math.trunc(time))));
    return found < 0n ? end : toOffset(found);
  }

  async count(from: Offset, to: Offset, source: string, kinds: readonly number[]): Promise<number> {
    let count = 0;
    for (let at = from; at < to; ) {
      const { records, next } = await this.read(at, { source });
      count += records.filter(({ offset, kind }) => offset < to && kinds.includes(kind)).length;
      if (next === at) break;
      at = next;
    }
    return count;
  }

  /** What is kept may have been deleted from the log. */
  forget(): void {
    this.#stretch = undefined;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#reads.close(), this.#polls.close()]);
    this.#options.onClose();
  }

  #kept(from: Offset): Stretch | undefined {
    const stretch = this.#stretch;
    return stretch !== undefined && from >= stretch.from && from < stretch.next
      ? stretch
      : undefined;
  }

  /** Fetches from `from` on, or from the start where it is behind that; undefined when nothing is there. */
  async #fetch(from: Offset, maxBytes: number): Promise<Stretch | undefined> {
    const offset = toKafka(from);
    const found = await this.#reads.fetch({ offset, maxBytes, maxWaitMs: 0 });
    if (found.batches.length > 0) return this.#keep(from, found.batches);
    if (offset >= found.logStart || found.logStart >= found.highWatermark) return undefined;
    const start = await this.#reads.fetch({ offset: found.logStart, maxBytes, maxWaitMs: 0 });
    return start.batches.length > 0 ? this.#keep(from, start.batches, found.logStart) : undefined;
  }

  #keep(from: Offset, batches: readonly RecordsBatch[], logStart = 0n): Stretch | undefined {
    const first = Math.max(from, toOffset(logStart));
    const records: LogRecord[] = [];
    let next = first;
    for (const batch of batches) {
      for (const record of batch.records) {
        if (offsetOf(batch, record) < first) continue;
        const found = toRecord(batch, record);
        if (found !== undefined) records.push(found);
      }
      next = Math.max(next, toOffset(batch.firstOffset) + batch.lastOffsetDelta + 1);
    }
    if (next === first) return undefined;
    const stretch = { from, next, records };
    this.#stretch = stretch;
    return stretch;
  }

  /** One request for all who wait at the same offset. True when something came. */
  #poll(from: Offset): Promise<boolean> {
    const polling =
      this.#polling.get(from) ??
      this.#pollOnce(from).finally(() => {
        this.#polling.delete(from);
      });
    this.#polling.set(from, polling);
    return polling;
  }

  async #pollOnce(from: Offset): Promise<boolean> {
    try {
      const request = { offset: toKafka(from), maxBytes: limits.logReadBytes, maxWaitMs: pollMs };
      const { batches, logStart, highWatermark } = await this.#polls.fetch(request);
      if (batches.length > 0) return this.#keep(from, batches) !== undefined;
      return toKafka(from) < logStart && logStart < highWatermark;
    } catch (error) {
      if (this.#closing.signal.aborted) return false;
      throw error;
    }
  }

  #bounds(): Promise<readonly [start: bigint, end: bigint]> {
    const { cluster, place } = this.#options;
    return this.#ask(() => cluster.bounds(place));
  }

  #ask<T>(work: () => Promise<T>): Promise<T> {
    const { clock, place } = this.#options;
    const patience = { clock, signal: this.#closing.signal, mostMs: askMs };
    return tryAgain(`asking for the ends of ${place.topic}/${place.partition}`, patience, work);
  }
}

/** The records from `from` on, up to about `most` bytes. */
function pick(
  stretch: Stretch,
  from: Offset,
  most: number,
  source: string | undefined,
): ReadResult {
  const records: LogRecord[] = [];
  let bytes = 0;
  for (const record of stretch.records) {
    if (record.offset < from) continue;
    if (source !== undefined && record.source !== source) continue;
    if (bytes >= most) return { records, next: record.offset, damaged: [] };
    records.push(record);
    bytes += record.body.length + record.meta.length;
  }
  return { records, next: stretch.next, damaged: [] };
}
