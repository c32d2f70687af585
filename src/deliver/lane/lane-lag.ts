import type { Offset } from '../../core/event-log.ts';
import type { EventFeed } from '../events/event-feed.ts';

/**
 * How many events of its source stand before a lane: counted exactly from the headers once, then
 * kept by what is taken and by counting only what has come since.
 */
export class LaneLag {
  readonly #feed: EventFeed;
  readonly #source: string;
  #countedTo: Offset;
  #remaining = 0;

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
    if (offset < this.#countedTo && this.#remaining > 0) this.#remaining -= 1;
  }

  /** The lane read on to `next`. */
  readTo(next: Offset): void {
    if (next < this.#countedTo) return;
    this.#remaining = 0;
    this.#countedTo = next;
  }

  /** Counts what has come since. */
  async refresh(): Promise<void> {
    const from = this.#countedTo;
    const end = await this.#feed.end();
    if (end <= from) return;
    const come = await this.#feed.count(this.#source, from, end);
    // Otherwise the lane itself has read past it meanwhile.
    if (this.#countedTo !== from) return;
    this.#remaining += come;
    this.#countedTo = end;
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
}
