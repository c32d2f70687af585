import type { Offset } from '../../core/event-log.ts';
import type { StoredEvent } from './stored-event.ts';

/** A stretch of the log as read once: the events in it, and where to read on. */
export interface EventBatch {
  readonly events: readonly StoredEvent[];
  readonly next: Offset;
}

interface Chunk {
  readonly from: Offset;
  next: Offset;
  readonly bySource: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly bytes: number;
}

/** Bytes an event takes besides its text, about. */
const eventBytes = 500;

/** The newest stretch of the log, [start, end), bounded in bytes: what lanes at the tail share. */
export class TailCache {
  readonly #most: number;
  #chunks: Chunk[] = [];
  #bytes = 0;
  #end: Offset;

  constructor(end: Offset, mostBytes: number) {
    this.#end = end;
    this.#most = mostBytes;
  }

  get start(): Offset {
    return this.#chunks[0]?.from ?? this.#end;
  }

  get end(): Offset {
    return this.#end;
  }

  covers(offset: Offset): boolean {
    return offset >= this.start && offset <= this.#end;
  }

  /** Forgets everything and goes on at `end`. */
  reset(end: Offset): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#end = end;
  }

  append({ events, next }: EventBatch): void {
    const newest = this.#chunks.at(-1);
    if (events.length === 0 && newest !== undefined) {
      newest.next = next;
      this.#end = next;
      return;
    }
    const bySource = new Map<string, StoredEvent[]>();
    let bytes = 0;
    for (const event of events) {
      bytes += event.text.length + eventBytes;
      const list = bySource.get(event.source);
      if (list === undefined) bySource.set(event.source, [event]);
      else list.push(event);
    }
    this.#chunks.push({ from: this.#end, next, bySource, bytes });
    this.#bytes += bytes;
    this.#end = next;
    while (this.#bytes > this.#most && this.#chunks.length > 1) {
      this.#bytes -= this.#chunks.shift()?.bytes ?? 0;
    }
  }

  /** The source's event at `offset`; undefined when the cache does not hold it. */
  at(source: string, offset: Offset): StoredEvent | undefined {
    const chunk = this.#chunks[firstBeyond(this.#chunks, offset, ({ next }) => next)];
    const events = chunk?.bySource.get(source) ?? [];
    const event = events[firstBeyond(events, offset, ({ offset: own }) => own) - 1];
    return event?.offset === offset ? event : undefined;
  }

  /** The source's events of one chunk, at or after `from`, which must be covered. */
  read(source: string, from: Offset): EventBatch {
    const chunk = this.#chunks.find(({ next }) => next > from);
    if (chunk === undefined) return { events: [], next: this.#end };
    const events = chunk.bySource.get(source) ?? [];
    const first = events.findIndex(({ offset }) => offset >= from);
    if (first === -1) return { events: [], next: chunk.next };
    return { events: first === 0 ? events : events.slice(first), next: chunk.next };
  }
}

/** Index of the first of `items`, which ascend, that lies behind `offset`; their number when none does. */
function firstBeyond<Item>(
  items: readonly Item[],
  offset: Offset,
  placeOf: (item: Item) => Offset,
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && placeOf(item) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
