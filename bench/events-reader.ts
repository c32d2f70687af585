import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import type { LogReader } from '../src/core/event-log.ts';
import { silentLogger } from '../src/core/logger.ts';
import { openLogEngine } from '../src/storage/open-log-engine.ts';

/** Opens the log `events` of a data folder for reading, whether or not a server runs on it. */
export async function withEventsReader<T>(
  data: string,
  use: (events: LogReader) => Promise<T>,
): Promise<T> {
  const engine = await openLogEngine(`file:${join(data, 'log')}`, {
    clock: systemClock,
    logger: silentLogger,
    room: { ratio: 0, bytes: 0 },
  });
  const reader = await engine.openReader('events', 0);
  try {
    return await use(reader);
  } finally {
    await reader.close();
    await engine.close();
  }
}
