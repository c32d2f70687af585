import type { DeliveryResult } from '../../core/destination.ts';
import { limits } from '../../core/limits.ts';

/** The least share, and what a success gives back of it. */
const step = 1 / limits.laneConcurrency;

/**
 * How much of its places a lane uses, and when: adapted to a far end that says it gets too much (429, or 503 with a
 * Retry-After). Nothing is sent until the time it asks for is over; then half as many at once, and one more for each
 * round of successes. Behind an open circuit it begins with one place: one answer does not tell that all is well again.
 * In memory: a restart begins with all. Times are monotonic milliseconds.
 */
export class Pace {
  #share = 1;
  #pausedUntil = 0;
  #loweredAt = Number.NEGATIVE_INFINITY;
  /** It has begun anew, and all has gone well since: each success opens a further place. */
  #isOpening = false;

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
    // A refusal is an answer too: behind a circuit it is as good.
    if (result.kind === 'delivered' || (result.kind === 'discard' && this.#isOpening)) {
      if (this.#share === 1) return;
      const rise = this.#isOpening ? step : step / this.placesOf(limits.laneConcurrency);
      this.#share = Math.min(1, this.#share + rise);
      return;
    }
    if (result.kind === 'retry') this.#isOpening = false;
    const { status } = result;
    if (status !== 429 && !(status === 503 && retryAfterMs > 0)) return;
    const asked = retryAfterMs > 0 ? retryAfterMs : limits.pacePauseMs;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + asked);
    // What was under way with it says nothing new.
    if (now - this.#loweredAt < limits.pacePauseMs) return;
    this.#loweredAt = now;
    this.#share = Math.max(step, this.#share / 2);
  }

  /** Its circuit has closed. */
  beginAnew(): void {
    this.#share = step;
    this.#isOpening = true;
  }

  /** It is another far end now. */
  reset(): void {
    this.#share = 1;
    this.#isOpening = false;
    this.#pausedUntil = 0;
  }
}
