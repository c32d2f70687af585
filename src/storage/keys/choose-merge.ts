import type { RunFooter } from './run-format.ts';

type RunSize = Pick<RunFooter, 'count' | 'oldest' | 'newest'>;

/** Runs merged at once. */
const fanIn = 8;

/**
 * Which neighbouring runs to merge next, as [from, to) of the list, oldest first; undefined when
 * none. A merged run never spans more than `span` ms, because it is deleted as a whole when its
 * newest key leaves the window. Stretches that can take no further run become one run; in the last,
 * which still grows, eight runs of like size do. So a key is rewritten a few times at most and about
 * `window / span` runs and a few small ones remain.
 */
export function chooseMerge(
  runs: readonly RunSize[],
  span: number,
): { readonly from: number; readonly to: number } | undefined {
  let from = 0;
  while (from < runs.length) {
    let to = from;
    let oldest = Number.POSITIVE_INFINITY;
    let newest = Number.NEGATIVE_INFINITY;
    for (; to < runs.length; to++) {
      oldest = Math.min(oldest, runs[to]?.oldest ?? 0);
      newest = Math.max(newest, runs[to]?.newest ?? 0);
      if (newest - oldest > span && to > from) break;
    }
    if (to === runs.length) return likeSized(runs, from);
    if (to - from > 1) return { from, to: Math.min(to, from + fanIn) };
    from = to;
  }
  return undefined;
}

/** Eight neighbours of one size, sizes growing eightfold. */
function likeSized(
  runs: readonly RunSize[],
  first: number,
): { readonly from: number; readonly to: number } | undefined {
  let from = first;
  for (let to = first + 1; to <= runs.length; to++) {
    if (to - from === fanIn) return { from, to };
    if (to < runs.length && level(runs[to]) !== level(runs[from])) from = to;
  }
  return undefined;
}

function level(run: RunSize | undefined): number {
  return Math.round(Math.log2(Math.max(1, run?.count ?? 1)) / 3);
}
