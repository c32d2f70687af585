import type { Offset } from '../../core/event-log.ts';
import { type RetentionDeps, takeSteps } from './retention.ts';

export interface InputRetentionOptions extends RetentionDeps {
  /** Lowest offset of `accepted` and of `seen` that process still needs. */
  needs(): { readonly accepted: Offset; readonly seen: Offset };
}

/** One pass over what process reads: `accepted` goes behind it, `seen` behind the dedupe window. */
export function trimInput({
  engine,
  partition,
  logger,
  needs,
}: InputRetentionOptions): Promise<void> {
  const steps = {
    accepted: async () => engine.trim('accepted', partition, needs().accepted),
    seen: async () => engine.trim('seen', partition, needs().seen),
  };
  return takeSteps(steps, logger);
}
