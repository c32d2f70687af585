import type { Clock } from '../../core/clock.ts';
import { ManualClock, settle } from '../../core/testing/manual-clock.ts';

export { settle };

/** Time that moves only when the test says so; then everything settles, as delivery is asynchronous. */
export class FakeClock implements Clock {
  readonly #manual: ManualClock;

  constructor(now?: number) {
    this.#manual = new ManualClock(now);
  }

  /** A test may put a clock of its own in its place. */
  now = (): number => this.#manual.now();

  monotonic(): number {
    return this.#manual.monotonic();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#manual.sleep(ms, signal);
  }

  after(ms: number, task: () => void): () => void {
    return this.#manual.after(ms, task);
  }

  advance(ms: number): Promise<void> {
    return this.#manual.advanceSettling(ms);
  }
}
