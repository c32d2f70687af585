import type { RunFooter } from './run-format.ts';

type RunTimes = Pick<RunFooter, 'oldest' | 'newest'>;

/**
 * Receipts before this moment have left the window: everything in the last run was received later
 * than that, by a window. The oldest of the last run counts, so that one stamp of a clock that
 * stood wrong does not empty the window. 0 without runs.
 */
export function horizonOf(runs: readonly RunTimes[], window: number): number {
  const last = runs.at(-1);
  return last === undefined ? 0 : Math.max(0, last.oldest - window);
}

/**
 * How many of the runs, which stand in the order of the input, have left the window, one flag each. A
 * run that claims to be newer, by more than a window, than the one behind it comes from a clock that
 * was ahead: it counts as old as that one, else it would stay until the claim comes true.
 */
export function expiredRuns(runs: readonly RunTimes[], window: number): boolean[] {
  const horizon = horizonOf(runs, window);
  let behind = Number.POSITIVE_INFINITY;
  return runs
    .toReversed()
    .map(({ newest }) => {
      behind = newest > behind + window ? behind : newest;
      return behind < horizon;
    })
    .reverse();
}
