import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds after which the wait fails. Default 5,000. */
  readonly within?: number;
  /** Milliseconds between looks. Default 20. */
  readonly every?: number;
}

/**
 * Looks until `look` yields something other than undefined or false, and returns it; fails with
 * `what` when that does not happen in time. What `look` throws counts as "not yet".
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  options: EventuallyOptions = {},
): Promise<T> {
  const { within = 5_000, every = 20 } = options;
  const deadline = performance.now() + within;
  let lastProblem: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      lastProblem = undefined;
    } catch (problem) {
      lastProblem = problem;
    }
    if (performance.now() > deadline) {
      throw new Error(`not within ${within} ms: ${what}`, { cause: lastProblem });
    }
    await sleep(every);
  }
}
