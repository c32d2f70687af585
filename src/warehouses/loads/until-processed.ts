import type { Clock } from '../../core/clock.ts';
import type { LogReader } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';

export interface ProcessedDeps {
  /** Of `accepted`, by partition. */
  readonly accepted: readonly LogReader[];
  /** Of `events`, by partition. */
  readonly events: readonly LogReader[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const lookEveryMs = 50;

/**
 * Waits until process has come to what is accepted now, all of which was acknowledged before or is about to be. False: it took
 * longer than `limits.warehouseProcessMs`, or the signal aborted.
 */
export async function untilProcessed(deps: ProcessedDeps): Promise<boolean> {
  const { accepted, events, clock, signal } = deps;
  const late = clock.now() + limits.warehouseProcessMs;
  const ends = await Promise.all(
    accepted.map((reader) => {
      reader.wake();
      return reader.end();
    }),
  );
  for (const [partition, reader] of accepted.entries()) {
    const behind = async () => {
      events[partition]?.wake();
      const mark = (await events[partition]?.mark()) ?? 0;
      const end = ends[partition] ?? 0;
      if (mark >= end) return false;
      // A log may begin, and go on in a new file, behind its last mark without a record between.
      const [next] = (await reader.read(mark, { maxBytes: 1 })).records;
      return next !== undefined && next.offset < end;
    };
    while (await behind()) {
      if (signal.aborted || clock.now() >= late) return false;
      await clock.sleep(lookEveryMs);
    }
  }
  return true;
}
