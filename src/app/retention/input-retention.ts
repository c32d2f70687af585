import type { Offset } from '../../core/event-log.ts';
import { type RetentionDeps, takeSteps } from './retention.ts';

export interface InputRetentionOptions extends RetentionDeps {
  /** Lowest offset of `accepted` and of `seen` that process still needs. */
  needs(): { readonly accepted: Offset; readonly seen: Offset };
  /** What waits for functions. */
  readonly staged: {
    /** Lowest offset of `staged` that is still needed; undefined while the log is not there. */
    neededFrom(): Offset | undefined;
    /** Told after a trim, so that what was lost becomes `expired` discards. */
    onTrim(start: Offset): void;
    /** Goes whatever waits: what is older, milliseconds, and above this many bytes. */
    readonly mostMs: number;
    readonly mostBytes: number;
  };
}

/** One pass over what process reads: `accepted` goes behind it, `seen` behind the dedupe window. */
export function trimInput({
  engine,
  partition,
  logger,
  clock,
  needs,
  staged,
}: InputRetentionOptions): Promise<void> {
  const steps = {
    accepted: async () => engine.trim('accepted', partition, needs().accepted),
    seen: async () => engine.trim('seen', partition, needs().seen),
    staged: async () => {
      const needed = staged.neededFrom();
      if (needed === undefined) return;
      const reader = await engine.openReader('staged', partition);
      const byAge = await reader.offsetAt(clock.now() - staged.mostMs);
      const bySize = await engine.offsetKeeping('staged', partition, staged.mostBytes);
      const before = Math.max(Math.min(needed, await reader.end()), byAge, bySize);
      await reader.close();
      staged.onTrim(await engine.trim('staged', partition, before));
    },
  };
  return takeSteps(steps, logger);
}
