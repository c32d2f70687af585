import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { lockFolder } from '../../storage/log/file/writer-lock.ts';

/**
 * Holds the data folder for this node, until its process ends. A second node there would take the sockets and the
 * leases of the first before its logs refused it. Waits for a predecessor that is just stopping.
 */
export async function lockDataFolder(folder: string, clock: Clock): Promise<void> {
  try {
    await lockFolder(folder, clock, limits.logLockWaitMs);
  } catch (cause) {
    if (!(cause instanceof TributaryError)) throw cause;
    const message = `Another Tributary runs on ${folder}: stop it, or set TRIBUTARY_DATA to a folder of its own`;
    throw new TributaryError('log_locked', message, { cause });
  }
}
