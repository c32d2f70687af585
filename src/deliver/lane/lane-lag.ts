import type { Offset } from '../../core/event-log.ts';
import type { EventFeed } from '../events/event-feed.ts';

/**
 * How many events of its source stand before a lane: counted exactly from the headers once, then
 * kept by what is taken and by counting only what has come since. The lane goes on meanwhile.
 */
export class LaneLag {
  readonly #feed: EventFeed;
  readonly #source: string;
  #countedTo: Offset;
  #remaining = 0;
  #counting: { readonly from: Offset; taken: number; done: Promise<void> } | undefined;

  constructor(feed: EventFeed, source: string, position: Offset) {
    this.#feed = feed;
    this.#source = source;
    this.#countedTo = position;
  }

  /** Events of the source between the lane's position and what was counted last. */
  get remaining(): number {
    return this.#remaining;
  }

  /** The lane took the event at `offset`. */
  take(offset: Offset): void {
    if (offset >= this.#countedTo) return;
    if (this.#counting !== undefined && offset >= this.#counting.from) this.#counting.taken += 1;
    else if (this.#remaining > 0) this.#remaining -= 1;
  }

  /** The lane read on to `next`. */
  readTo(next: Offset): void {
    if (next < this.#countedTo) return;
    this.#remaining = 0;
    this.#countedTo = next;
    this.#counting = undefined;
  }

  /** Counts what has come since. */
  async refresh(): Promise<void> {
    if (this.#counting !== undefined) return await this.#counting.done;
    const end = await this.#feed.end();
    const from = this.#countedTo;
    if (end <= from || this.#counting !== undefined) return;
    this.#countedTo = end;
    const counting = { from, taken: 0, done: Promise.resolve() };
    this.#counting = counting;
    counting.done = this.#count(counting, end);
    await counting.done;
  }

  /** The log now begins at `start`, behind the lane's position: how many events went. */
  async trimTo(start: Offset): Promise<number> {
    await this.refresh();
    const kept =
      start < this.#countedTo ? await this.#feed.count(this.#source, start, this.#countedTo) : 0;
    const gone = Math.max(0, this.#remaining - kept);
    this.#remaining = kept;
    this.#countedTo = Math.max(start, this.#countedTo);
    return gone;
  }

  async #count(counting: { readonly from: Offset; taken: number }, end: Offset): Promise<void> {
    try {
      const come = await this.#feed.count(this.#source, counting.from, end);
      // Otherwise the lane has read past it all meanwhile.
      if (this.#counting === counting) this.#remaining += Math.max(0, come - counting.taken);
    } finally {
      if (this.#counting === counting) this.#counting = undefined;
    }
  }
}
