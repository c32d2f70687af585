import type { Offset } from '../../core/event-log.ts';
import type { EventFeed } from '../events/event-feed.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import type { LaneLag } from './lane-lag.ts';
import type { LaneLedger } from './lane-ledger.ts';

export interface LaneReaderDeps {
  readonly feed: EventFeed;
  readonly source: string;
  readonly ledger: LaneLedger;
  readonly lag: LaneLag;
  /** Where reading ends for good; undefined for a lane without end. */
  readonly until: Offset | undefined;
  /** And the receivedAt (ms) behind which nothing of interest can come; undefined for a lane without end. */
  readonly lastTime: number | undefined;
  /** Takes one event; false when there is no room for another. */
  take(event: StoredEvent): boolean;
  /** Something was read, or may be. */
  more(): void;
  failed(error: unknown): void;
  /** The log was trimmed under the cursor. Resolves when that is recorded. */
  expired(from: Offset, to: Offset, count: number): Promise<void>;
}

/** The reading side of a lane: one read at a time, taken event by event as there is room. */
export class LaneReader {
  readonly #deps: LaneReaderDeps;
  #reading = false;
  #stopped = false;
  #ended = false;
  #sleep: (() => void) | undefined;
  #rest: { readonly events: readonly StoredEvent[]; at: number; readonly next: Offset } | undefined;
  #start: Offset = 0;
  #lastReceivedAt = 0;

  constructor(deps: LaneReaderDeps) {
    this.#deps = deps;
    this.#checkEnd();
  }

  /** Nothing more will come. */
  get isExhausted(): boolean {
    return this.#ended;
  }

  /** receivedAt of the event taken last, milliseconds; 0 when there was none. */
  get lastReceivedAt(): number {
    return this.#lastReceivedAt;
  }

  stop(): void {
    this.#stopped = true;
    this.#sleep?.();
  }

  /** The log begins at `start` now: a cursor before it moves there and says what was lost. */
  trimmed(start: Offset): void {
    this.#start = Math.max(this.#start, start);
    if (this.#rest === undefined && this.#deps.ledger.position < start) this.readMore();
  }

  /** Takes what was read, else reads; calls `more` when something came of it. */
  readMore(): void {
    if (this.#reading || this.#stopped || this.#ended || this.#sleep !== undefined) return;
    if (this.#rest !== undefined) {
      if (this.#takeRest()) this.#deps.more();
      return;
    }
    this.#reading = true;
    this.#read().then(
      (again) => {
        this.#reading = false;
        if (again && !this.#stopped) this.#deps.more();
      },
      (error) => {
        this.#reading = false;
        if (!this.#stopped) this.#deps.failed(error);
      },
    );
  }

  async #read(): Promise<boolean> {
    const { feed, source, ledger } = this.#deps;
    const from = ledger.position;
    if (this.#start > from) {
      await this.#expire(this.#start);
      return true;
    }
    const batch = await feed.read(source, from);
    if (this.#stopped) return false;
    if (batch.start !== undefined && batch.start > from) {
      this.#start = batch.start;
      return true;
    }
    if (batch.next === from) {
      this.#sleep = this.#sleepUntilMore(from);
      return false;
    }
    this.#rest = { events: batch.events, at: 0, next: batch.next };
    return this.#takeRest();
  }

  #sleepUntilMore(from: Offset): () => void {
    return this.#deps.feed.onMore(from, () => {
      this.#sleep = undefined;
      this.#deps.more();
    });
  }

  /** Returns whether there may be more to take or read right away. */
  #takeRest(): boolean {
    const { ledger, lag, take } = this.#deps;
    const rest = this.#rest;
    if (rest === undefined) return true;
    let hasRoom = true;
    while (hasRoom && rest.at < rest.events.length) {
      const event = rest.events[rest.at];
      rest.at += 1;
      if (event === undefined) break;
      this.#lastReceivedAt = event.meta.t;
      lag.take(event.offset);
      hasRoom = take(event);
    }
    const following = rest.events[rest.at];
    if (following === undefined) this.#rest = undefined;
    const next = following?.offset ?? rest.next;
    ledger.readTo(next);
    lag.readTo(next);
    this.#checkEnd();
    return true;
  }

  #checkEnd(): void {
    const { ledger, until, lastTime } = this.#deps;
    if (until === undefined) return;
    const isLate = lastTime !== undefined && this.#lastReceivedAt > lastTime;
    if (ledger.position >= until || isLate) {
      this.#ended = true;
      this.#rest = undefined;
    }
  }

  async #expire(start: Offset): Promise<void> {
    const { ledger, lag, expired } = this.#deps;
    const from = ledger.position;
    const gone = await lag.trimTo(start);
    await expired(from, start, gone);
    if (ledger.position < start) ledger.readTo(start);
    lag.readTo(start);
    this.#checkEnd();
  }
}
