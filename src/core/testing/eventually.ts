import { systemClock } from '../clock.ts';

interface EventuallyOptions {
  /** Milliseconds of real time after which the wait fails. Default a minute. */
  readonly within?: number;
  /** Milliseconds of real time between looks. Default 20. */
  readonly every?: number;
  /** Done before each look but the first: moves a clock of the test's own on. */
  readonly step?: () => unknown;
}

/** Long for the slowest machine that runs the tests, short beside a test that never ends. */
export const eventuallyMs = 60_000;

/**
 * Looks until `look` yields something other than undefined or false, and returns it; fails with
 * `what`, a sentence, when that does not happen in time. What `look` throws counts as "not yet".
 * The bound is in real time, whatever clock a test moves: how many turns of the event loop a disk or
 * a database takes to answer depends on the machine.
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { within = eventuallyMs, every = 20, step }: EventuallyOptions = {},
): Promise<T> {
  const deadline = systemClock.monotonic() + within;
  let lastProblem: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      lastProblem = undefined;
    } catch (problem) {
      lastProblem = problem;
    }
    if (systemClock.monotonic() > deadline) {
      throw new Error(`not within ${within} ms: ${what}`, { cause: lastProblem });
    }
    await systemClock.sleep(every);
    await step?.();
  }
}
