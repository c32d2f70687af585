import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';

/** Reads until it succeeds or the signal comes; each failure is in the log. */
export async function retryRead(
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  read: () => Promise<void>,
  failure: string,
  signal: AbortSignal,
): Promise<void> {
  for (let wait: number = limits.processRetryFirstMs; !signal.aborted; wait *= 2) {
    try {
      await read();
      return;
    } catch (err) {
      logger.error({ err }, failure);
    }
    await clock.sleep(Math.min(wait, limits.processRetryMostMs), signal);
  }
}
