import assert from 'node:assert/strict';
import { type Clock, systemClock } from '../clock.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** Time that moves only when a test says so. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2026, 10, 20, 10)) {
    this.#now = now;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  readonly now = (): number => this.#now;

  monotonic(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const cancel = this.after(ms, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  }

  after(ms: number, task: () => void): () => void {
    const timer = { at: this.#now + ms, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on, and runs what falls due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    while (this.#runNext(end));
  }

  /** The same, and lets everything settle before, between and after. */
  async advanceSettling(ms: number): Promise<void> {
    const end = this.#now + ms;
    do await settle();
    while (this.#runNext(end));
  }

  /** Moves on to the next timer due by `end` and runs it; false when there was none and it is `end`. */
  #runNext(end: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    this.#now = Math.max(this.#now, next?.at ?? end);
    if (next === undefined) return false;
    this.#timers.delete(next);
    next.task();
    return true;
  }
}

/** A wait this long, in real time, is for something that never ends. */
const settleMostMs = 60_000;

/**
 * Lets promises and I/O callbacks that are ready run, and waits for the files that are being read or
 * written, as long as they take. What works on another thread, such as compression, and what comes
 * over a network by itself is not waited for: `eventually` does.
 */
export async function settle(): Promise<void> {
  const since = systemClock.monotonic();
  for (let quiet = 0; quiet < 20; quiet += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isBusy() && !isFileUnderWay()) continue;
    quiet = 0;
    const waited = systemClock.monotonic() - since;
    assert.ok(waited < settleMostMs, `nothing settles: busy for ${settleMostMs} ms`);
  }
}

function isFileUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}

let isBusy = (): boolean => false;

/** Has `settle` wait also while `busy`: for an engine that answers over a network. */
export function settleWhile(busy: () => boolean): void {
  isBusy = busy;
}
