import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { recordKinds } from '../../src/core/records.ts';
import { openLogEngine } from '../../src/storage/open-log-engine.ts';

/** The messageIds that stand in the log `events` more than once. */
export async function doubledInEvents(url: string): Promise<string[]> {
  const room = { ratio: 0, bytes: 0 };
  const engine = await openLogEngine(url, { clock: systemClock, logger: silentLogger, room });
  const seen = new Set<string>();
  const doubled: string[] = [];
  try {
    for (let partition = 0; partition < engine.partitions; partition++) {
      const reader = await engine.openReader('events', partition);
      for (let at = await reader.start(); ; ) {
        const { records, next } = await reader.read(at);
        for (const { kind, body } of records) {
          if (kind !== recordKinds.event) continue;
          const { messageId } = JSON.parse(body.toString()) as { messageId: string };
          if (seen.has(messageId)) doubled.push(messageId);
          seen.add(messageId);
        }
        if (next === at) break;
        at = next;
      }
      await reader.close();
    }
  } finally {
    await engine.close();
  }
  return doubled;
}
