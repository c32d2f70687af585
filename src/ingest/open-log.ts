import { TributaryError } from '../core/errors.ts';
import type { LogWriter } from '../core/event-log.ts';
import { AcceptedLog } from './accepted-log.ts';

/**
 * The log `accepted` for what the server itself takes in: that of the clients, or where this node takes none, one
 * that is opened when it is first needed. Rejects where there is no way to it from here.
 */
export function openLog(
  log: AcceptedLog,
  writers: readonly LogWriter[],
  openWriters: (() => Promise<readonly LogWriter[]>) | undefined,
  randomHex: (bytes: number) => string,
): () => Promise<AcceptedLog> {
  let opened: Promise<AcceptedLog> | undefined;
  return async () => {
    if (writers.length > 0) return log;
    if (openWriters === undefined) {
      throw new TributaryError('unavailable', 'This node takes no events: ask one that does');
    }
    opened ??= openWriters().then((own) => new AcceptedLog(own, randomHex));
    try {
      return await opened;
    } catch (error) {
      // The next one tries again.
      opened = undefined;
      throw error;
    }
  };
}
