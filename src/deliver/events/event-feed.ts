import type { LogReader, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import { StoredEvent } from './stored-event.ts';
import { Stretches } from './stretches.ts';
import { type EventBatch, TailCache } from './tail-cache.ts';

const tailReadBytes = 256 * 1024;
const ownReadBytes = 256 * 1024;
/** Events that are parked together stand close together: what is read around one serves the next. */
const stretchBytes = 64 * 1024;

/**
 * The log `events` as lanes read it. Lanes at the tail share one read and one parse; a lane that
 * lags reads on its own, only its source, until it is back at the tail. Reads are one at a time and
 * on demand: what nobody asks for is not read.
 */
export interface EventFeed {
  /**
   * The source's events at or after `from`. Never waits: at the end, no events and `next` = `from`.
   * `start` is set when the log now begins behind `from`: what stood between is gone.
   */
  read(source: string, from: Offset): Promise<EventBatch & { readonly start?: Offset }>;
  /** The events at these ascending offsets, of one source if it is known; what is no longer readable is missing. */
  readAt(
    source: string | undefined,
    offsets: readonly Offset[],
  ): Promise<ReadonlyMap<Offset, StoredEvent>>;
  /** Number of the source's events in [from, to); reads headers only. */
  count(source: string, from: Offset, to: Offset): Promise<number>;
  start(): Promise<Offset>;
  end(): Promise<Offset>;
  /** The input that the log covers: every stamp in it is below. */
  mark(): Promise<Offset>;
  /** The first offset at which the source's events received at or after `time` (ms since the epoch) may stand. */
  offsetAt(time: number, source: string): Promise<Offset>;
  /** Calls `wake` once when there may be something at or after `from`. Returns the cancel. */
  onMore(from: Offset, wake: () => void): () => void;
  /** The sources whose events are worth copying. */
  setSources(sources: ReadonlySet<string>): void;
  /** The end of the log may have moved. */
  wake(): void;
  close(): Promise<void>;
}

export async function openEventFeed(
  openReader: () => Promise<LogReader>,
  logger: Logger,
): Promise<EventFeed> {
  const tail = await openReader();
  const own = await openReader();
  /** For questions that read no payload: what a read returned is valid until the next one. */
  const meter = await openReader();
  const cache = new TailCache(await tail.end(), limits.tailCacheBytes);
  const stretches = new Stretches();
  const closing = new AbortController();
  const sleepers = new Set<() => void>();
  let sources: ReadonlySet<string> = new Set();
  let advancing: Promise<void> | undefined;
  let waiting: Promise<unknown> | undefined;
  /** Reads of the lagging lanes queue here: the reader has one buffer. */
  let ownTurn: Promise<unknown> = Promise.resolve();

  async function readBatch(
    reader: LogReader,
    from: Offset,
    maxBytes: number,
    only: ReadonlySet<string> | undefined,
  ): Promise<EventBatch> {
    const [source] = only?.size === 1 ? only : [];
    const filter = source === undefined ? {} : { source };
    const { records, next, damaged } = await reader.read(from, { maxBytes, ...filter });
    for (const range of damaged) logger.error({ ...range }, 'a part of the log cannot be read');
    const events: StoredEvent[] = [];
    for (const record of records) {
      if (record.kind !== recordKinds.event || only?.has(record.source) === false) continue;
      events.push(new StoredEvent(record));
    }
    return { events, next };
  }

  function readOwn(
    source: string | undefined,
    from: Offset,
    maxBytes: number,
  ): Promise<EventBatch> {
    const only = source === undefined ? undefined : new Set([source]);
    const turn = ownTurn.then(() => readBatch(own, from, maxBytes, only));
    // The failure is the caller's; the next in the queue reads all the same.
    ownTurn = turn.catch(() => undefined);
    return turn;
  }

  async function readStretch(source: string | undefined, from: Offset) {
    const { events, next } = await readOwn(source, from, stretchBytes);
    return stretches.add(source, from, next, events);
  }

  async function advance(): Promise<void> {
    const from = cache.end;
    const known = sources;
    const batch = await readBatch(tail, from, tailReadBytes, known);
    // Meanwhile the cache may have moved on, or a source may have come that was not copied.
    if (cache.end === from && known === sources && batch.next > from) cache.append(batch);
  }

  async function waitForMore(): Promise<void> {
    try {
      if (!(await tail.wait(cache.end, closing.signal))) return;
    } catch (error) {
      // Whoever reads next meets it as well, and pauses.
      logger.error({ err: error }, 'waiting for the log failed');
    }
    const woken = [...sleepers];
    sleepers.clear();
    for (const wake of woken) wake();
  }

  function startWaiting(): void {
    if (closing.signal.aborted) return;
    waiting ??= waitForMore().then(() => {
      waiting = undefined;
      // Those who came while the others were being woken.
      if (sleepers.size > 0) startWaiting();
    });
  }

  return {
    async read(source, from) {
      if (from > cache.end) cache.reset(from);
      if (from === cache.end) {
        advancing ??= advance().finally(() => {
          advancing = undefined;
        });
        await advancing;
      }
      // Meanwhile others may have moved the cache past it.
      if (cache.covers(from)) return cache.read(source, from);
      const batch = await readOwn(source, from, ownReadBytes);
      const start = await meter.start();
      return start > from ? { ...batch, start } : batch;
    },

    async readAt(source, offsets) {
      const found = new Map<Offset, StoredEvent>();
      for (const offset of offsets) {
        const cached = source === undefined ? undefined : cache.at(source, offset);
        if (cached !== undefined) {
          found.set(offset, cached);
          continue;
        }
        const stretch = stretches.find(source, offset) ?? (await readStretch(source, offset));
        const event = stretch.get(offset);
        if (event !== undefined) found.set(offset, event);
      }
      return found;
    },

    onMore(from, wake) {
      sleepers.add(wake);
      // Others have read on since the caller looked.
      if (from < cache.end) {
        queueMicrotask(() => {
          if (sleepers.delete(wake)) wake();
        });
        return () => sleepers.delete(wake);
      }
      startWaiting();
      return () => sleepers.delete(wake);
    },

    count: (source, from, to) => meter.count(from, to, source, [recordKinds.event]),
    start: () => meter.start(),
    end: () => meter.end(),
    mark: () => meter.mark(),
    offsetAt: (time) => meter.offsetAt(time),

    setSources(next) {
      const added = [...next].some((source) => !sources.has(source));
      sources = next;
      if (added) cache.reset(cache.end);
    },

    wake() {
      tail.wake();
      own.wake();
      meter.wake();
    },

    async close() {
      closing.abort();
      await Promise.allSettled([advancing, waiting, ownTurn]);
      await Promise.all([tail.close(), own.close(), meter.close()]);
    },
  };
}
