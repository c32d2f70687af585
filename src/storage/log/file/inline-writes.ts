import type { Clock } from '../../../core/clock.ts';
import { limits } from '../../../core/limits.ts';

const pauseFirstMs = 1_000;
const pauseMostMs = 60_000;
/** Share of the newest write in the running mean: one slow write among many quick ones is no slow disk. */
const newest = 0.1;

/**
 * Decides which groups are written on the event loop's own thread. A flush of a fast disk is over
 * sooner than the thread pool's answer is read by a busy loop, and everything that waits for it could
 * have gone on; a slow one must not stop the loop. So small groups are written at once as long as that is
 * quick on average. When it is not, none is tried for a second, and each further time for twice as long.
 */
export class InlineWrites {
  readonly #clock: Clock;
  #notBefore = Number.NEGATIVE_INFINITY;
  #pauseMs = pauseFirstMs;
  #meanMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  allows(bytes: number): boolean {
    return bytes <= limits.logInlineBytes && this.#clock.monotonic() >= this.#notBefore;
  }

  /** A write on this thread took so long. */
  took(milliseconds: number): void {
    this.#meanMs += (milliseconds - this.#meanMs) * newest;
    if (this.#meanMs <= limits.logInlineMs) {
      if (milliseconds <= limits.logInlineMs) this.#pauseMs = pauseFirstMs;
      return;
    }
    this.#meanMs = limits.logInlineMs / 2;
    this.#notBefore = this.#clock.monotonic() + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, pauseMostMs);
  }
}
