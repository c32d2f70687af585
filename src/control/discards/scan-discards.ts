import type { LogEngine, LogName, LogReader, LogRecord, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { type DiscardMeta, recordKinds } from '../../core/records.ts';
import type { ScanPosition } from './scan-position.ts';

export interface DiscardFilter {
  /** Undefined: whatever its id. */
  readonly ids?: ReadonlySet<string>;
  readonly sourceId?: string;
  readonly code?: string;
  readonly stage?: string;
  readonly destinationId?: string;
  /** Milliseconds: discarded at or after, and before. */
  readonly from?: number;
  readonly to?: number;
}

export interface FoundDiscard {
  readonly source: string;
  readonly meta: DiscardMeta;
  readonly body: string;
}

/** Where a matching discard stands; its payload is read again once it is known to be shown. */
interface Place {
  readonly reader: LogReader;
  readonly offset: Offset;
  readonly time: number;
}

const phases: readonly (readonly LogName[])[] = [['events', 'results'], ['discards']];
const firstWidthMs = 60_000;
const leastWidthMs = 1_000;

/**
 * Discards, newest first, by a filter. Logs are read forward only, so it goes back window by window of
 * commit time: wider while they are empty, narrower when one holds too much. One call reads about
 * `limits.discardScanBytes`; `next` leads on, also when nothing was found yet.
 */
export async function scanDiscards(
  logs: LogEngine,
  filter: DiscardFilter,
  begin: ScanPosition,
  count: number,
  now: number,
): Promise<{ readonly found: readonly FoundDiscard[]; readonly next: ScanPosition | undefined }> {
  const scan = new DiscardScan(logs, filter);
  try {
    return await scan.run(begin, count, now);
  } finally {
    await scan.close();
  }
}

/** Where a listing begins: at what was committed last. */
export function newestDiscards(now: number): ScanPosition {
  return newest(0, now + 1);
}

function newest(phase: ScanPosition['phase'], hi: number): ScanPosition {
  return { phase, lo: Math.max(0, hi - firstWidthMs), hi, taken: 0 };
}

class DiscardScan {
  readonly #logs: LogEngine;
  readonly #filter: DiscardFilter;
  readonly #readers = new Map<number, readonly LogReader[]>();
  #bytesLeft: number = limits.discardScanBytes;
  #pageLeft: number = limits.discardPageBytes;

  constructor(logs: LogEngine, filter: DiscardFilter) {
    this.#logs = logs;
    this.#filter = filter;
  }

  async run(begin: ScanPosition, count: number, now: number) {
    const found: FoundDiscard[] = [];
    let at: ScanPosition | undefined = begin;
    // Each call reads one window at least, or half of its share again in search of one that fits.
    let gotOn = false;
    while (at !== undefined && found.length < count && this.#bytesLeft > 0) {
      const readers = await this.#open(at.phase);
      const window = await this.#window(readers, at);
      if (window === undefined) {
        at = { ...at, lo: at.hi - Math.ceil((at.hi - at.lo) / 8) };
        if (gotOn) break;
        this.#bytesLeft = limits.discardScanBytes / 2;
        continue;
      }
      gotOn = true;
      let taken: number = at.taken;
      for (const place of window.places.slice(taken, taken + count - found.length)) {
        const discard = await readPlace(place);
        if (discard !== undefined) found.push(discard);
        taken += 1;
        this.#pageLeft -= discard?.body.length ?? 0;
        if (this.#pageLeft <= 0) return { found, next: { ...at, taken } };
      }
      at = taken < window.places.length ? { ...at, taken } : this.#older(at, window.exhausted, now);
    }
    return { found, next: at };
  }

  async close(): Promise<void> {
    for (const readers of this.#readers.values()) {
      await Promise.all(readers.map((reader) => reader.close()));
    }
  }

  async #open(phase: number): Promise<readonly LogReader[]> {
    const known = this.#readers.get(phase);
    if (known !== undefined) return known;
    const opened: LogReader[] = [];
    this.#readers.set(phase, opened);
    for (const log of phases[phase] ?? []) {
      for (let partition = 0; partition < this.#logs.partitions; partition += 1) {
        opened.push(await this.#logs.openReader(log, partition));
      }
    }
    return opened;
  }

  /** Everything that matches in a window, newest first; undefined when it is too much to read at once. */
  async #window(readers: readonly LogReader[], { lo, hi, taken }: ScanPosition) {
    const places: Place[] = [];
    let exhausted = true;
    for (const reader of readers) {
      const from = await reader.offsetAt(lo);
      const to = await reader.offsetAt(hi);
      if (from > (await reader.start())) exhausted = false;
      for (let position = from; position < to; ) {
        if (this.#bytesLeft <= 0 && taken === 0 && hi - lo > leastWidthMs) {
          return undefined;
        }
        const { sourceId } = this.#filter;
        const read = await reader.read(
          position,
          sourceId === undefined ? {} : { source: sourceId },
        );
        for (const record of read.records) {
          if (record.offset >= to) break;
          this.#bytesLeft -= record.body.length + record.meta.length;
          const time = this.#matches(record);
          if (time !== undefined) places.push({ reader, offset: record.offset, time });
        }
        if (read.next === position) break;
        position = read.next;
      }
    }
    places.sort((a, b) => b.time - a.time || b.offset - a.offset);
    return { places, exhausted };
  }

  #matches(record: LogRecord): number | undefined {
    if (record.kind !== recordKinds.discard) return undefined;
    const { ids, code, stage, destinationId } = this.#filter;
    const { from = 0, to = Number.POSITIVE_INFINITY } = this.#filter;
    const meta: DiscardMeta = JSON.parse(record.meta);
    const fits =
      (ids === undefined || ids.has(meta.id)) &&
      (code === undefined || meta.code === code) &&
      (stage === undefined || meta.stage === stage) &&
      (destinationId === undefined || meta.destination === destinationId) &&
      meta.t >= from &&
      meta.t < to;
    return fits ? meta.t : undefined;
  }

  /** The window before: four times as wide. Nothing is discarded after it was committed, so `from` ends it. */
  #older(at: ScanPosition, exhausted: boolean, now: number): ScanPosition | undefined {
    if (exhausted || at.lo <= (this.#filter.from ?? 0)) {
      return at.phase === 0 ? newest(1, now + 1) : undefined;
    }
    const width = (at.hi - at.lo) * 4;
    return { phase: at.phase, hi: at.lo, lo: Math.max(0, at.lo - width), taken: 0 };
  }
}

async function readPlace({ reader, offset }: Place): Promise<FoundDiscard | undefined> {
  const { records } = await reader.read(offset, { maxBytes: 1 });
  const [record] = records;
  // Trimmed meanwhile: it has moved to the log of discards, and is shown with that.
  if (record === undefined || record.offset !== offset) return undefined;
  const meta: DiscardMeta = JSON.parse(record.meta);
  return { source: record.source, meta, body: record.body.toString() };
}
