import { systemClock } from '../../../core/clock.ts';

const firstMs = 20;
const mostMs = 2_000;

/** Waits before a statement that takes long is asked for again, each time longer. Rejects with the reason of the signal. */
export function growingPause(signal?: AbortSignal): () => Promise<void> {
  let ms = firstMs;
  return async () => {
    signal?.throwIfAborted();
    await systemClock.sleep(ms, signal);
    ms = Math.min(2 * ms, mostMs);
  };
}
