import { limits } from '../../core/limits.ts';

/** How long and how often an event is tried; tests shorten it. */
export interface RetryTimes {
  readonly firstMs: number;
  readonly mostMs: number;
  readonly forMs: number;
  readonly retryAfterMostMs: number;
}

export const standardRetryTimes: RetryTimes = {
  firstMs: limits.retryFirstMs,
  mostMs: limits.retryMostMs,
  forMs: limits.retryForMs,
  retryAfterMostMs: limits.retryAfterMostMs,
};

export interface RetryQuestion {
  /** Attempts made, 1 or more. */
  readonly attempts: number;
  /** Time since the first attempt without the circuit's open time, milliseconds. */
  readonly elapsedMs: number;
  /** What the far end asked for, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/**
 * Milliseconds until the next attempt; undefined when the retry time is over. Doubles from `firstMs`
 * to `mostMs`, of which between half and all is waited; the last attempt falls on the end of the
 * retry time. A longer Retry-After, bounded, wins.
 */
export function nextDelay(question: RetryQuestion, times: RetryTimes): number | undefined {
  const left = times.forMs - question.elapsedMs;
  if (left <= 0) return undefined;
  const whole = Math.min(times.mostMs, times.firstMs * 2 ** Math.min(question.attempts - 1, 40));
  const jittered = whole * (0.5 + question.random / 2);
  const asked = Math.min(question.retryAfterMs ?? 0, times.retryAfterMostMs);
  return Math.max(Math.min(jittered, left), asked);
}
