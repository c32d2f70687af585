import { setMaxListeners } from 'node:events';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import { isRetryable, reasonOf } from './kafka-error.ts';

const firstPauseMs = 50;
const mostPauseMs = 2_000;

/** Until when something is tried again. */
export interface Patience {
  readonly clock: Clock;
  /** Ends the tries. */
  readonly signal: AbortSignal;
  /** Longest time of all tries together, ms. */
  readonly mostMs: number;
}

/** A signal that any number of tries may listen to. */
export function endOfTries(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/**
 * Does `work` until it succeeds: brokers restart, and partitions get other leaders. `attempt` counts from 0.
 * Rejects with `log_unavailable` when time is up, when the signal aborts, or at once when it will not work again.
 */
export async function tryAgain<T>(
  what: string,
  { clock, signal, mostMs }: Patience,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  const end = clock.monotonic() + mostMs;
  for (let attempt = 0, pauseMs = firstPauseMs; ; attempt++, pauseMs *= 2) {
    try {
      return await work(attempt);
    } catch (cause) {
      if (cause instanceof TributaryError && cause.code !== 'log_unavailable') throw cause;
      const mayPass = cause instanceof TributaryError || isRetryable(cause);
      if (!mayPass || signal.aborted || clock.monotonic() >= end) {
        const message = `Kafka: ${what}: ${reasonOf(cause)}`;
        throw new TributaryError('log_unavailable', message, { cause });
      }
    }
    await clock.sleep(Math.min(pauseMs, mostPauseMs), signal);
  }
}
