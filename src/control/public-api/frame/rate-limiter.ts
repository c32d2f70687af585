import type { Clock } from '../../../core/clock.ts';

const windowMs = 60_000;

export interface RateState {
  readonly allowed: boolean;
  readonly consumed: number;
  readonly remaining: number;
  /** Until the count begins anew, milliseconds. */
  readonly resetMs: number;
}

/**
 * Counts requests in windows of a minute, one for each key (a token and an operation). Bounded by
 * tokens times operations; a window that is over is forgotten.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #windows = new Map<string, { consumed: number; readonly endsAt: number }>();
  #sweptAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  consume(key: string, perMinute: number): RateState {
    const now = this.#clock.monotonic();
    this.#sweep(now);
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      window = { consumed: 0, endsAt: now + windowMs };
      this.#windows.set(key, window);
    }
    window.consumed += 1;
    return {
      allowed: window.consumed <= perMinute,
      consumed: window.consumed,
      remaining: Math.max(0, perMinute - window.consumed),
      resetMs: window.endsAt - now,
    };
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < windowMs) return;
    this.#sweptAt = now;
    for (const [key, window] of this.#windows) {
      if (window.endsAt <= now) this.#windows.delete(key);
    }
  }
}
