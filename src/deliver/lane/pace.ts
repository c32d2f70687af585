import type { DeliveryResult } from '../../core/destination.ts';
import { limits } from '../../core/limits.ts';

/** The least share, and what a success gives back of it. */
const step = 1 / limits.laneConcurrency;

/**
 * How much of its places a lane uses, and when: adapted to a far end that says it gets too much (429, or 503 with a
 * Retry-After). Nothing is sent until the time it asks for is over; then half as many at once, and one more for each
 * round of successes. In memory: a restart begins with all. Times are monotonic milliseconds.
 */
export class Pace {
  #share = 1;
  #pausedUntil = 0;
  #loweredAt = Number.NEGATIVE_INFINITY;

  /** Of `most` places, those that may be used. */
  placesOf(most: number): number {
    return Math.max(1, Math.floor(most * this.#share));
  }

  /** Nothing is to be sent before. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  /** An attempt ended. `retryAfterMs`: what was asked for, bounded. */
  record(result: DeliveryResult, now: number, retryAfterMs: number): void {
    if (result.kind === 'delivered') {
      if (this.#share === 1) return;
      this.#share = Math.min(1, this.#share + step / this.placesOf(limits.laneConcurrency));
      return;
    }
    const { status } = result;
    if (status !== 429 && !(status === 503 && retryAfterMs > 0)) return;
    const asked = retryAfterMs > 0 ? retryAfterMs : limits.pacePauseMs;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + asked);
    // What was under way with it says nothing new.
    if (now - this.#loweredAt < limits.pacePauseMs) return;
    this.#loweredAt = now;
    this.#share = Math.max(step, this.#share / 2);
  }

  /** It is another far end now. */
  reset(): void {
    this.#share = 1;
    this.#pausedUntil = 0;
  }
}
