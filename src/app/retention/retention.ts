import type { Clock } from '../../core/clock.ts';
import type { LogEngine, LogName } from '../../core/event-log.ts';
import type { Logger } from '../../core/logger.ts';

export interface RetentionDeps {
  readonly engine: LogEngine;
  readonly partition: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is done for a log in one pass. */
export type RetentionSteps = Readonly<Partial<Record<LogName, () => Promise<unknown>>>>;

const everyMs = 60_000;

/** Deletes what no longer has to be kept, whole files at a time, once a minute. */
export function startRetention(
  pass: () => Promise<void>,
  { clock }: Pick<RetentionDeps, 'clock'>,
): { stop(): Promise<void> } {
  const abort = new AbortController();
  const loop = async () => {
    while (!abort.signal.aborted) {
      await pass();
      await clock.sleep(everyMs, abort.signal);
    }
  };
  const done = loop();
  return {
    stop: () => {
      abort.abort();
      return done;
    },
  };
}

/** Never rejects: what one log refuses must keep neither delivery nor the others' space. */
export async function takeSteps(steps: RetentionSteps, logger: Logger): Promise<void> {
  for (const [log, step] of Object.entries(steps)) {
    try {
      await step();
    } catch (error) {
      logger.error({ err: error, log }, 'retention failed; the next pass tries again');
    }
  }
}
