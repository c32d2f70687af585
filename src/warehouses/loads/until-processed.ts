import type { Clock } from '../../core/clock.ts';
import type { LogReader, Offset } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { recordKinds } from '../../core/records.ts';

export interface ProcessedDeps {
  /** Of `accepted`, by partition. */
  readonly accepted: readonly LogReader[];
  /** Of `events`, by partition. */
  readonly events: readonly LogReader[];
  /** Of `staged`, by partition; none where no source has, or had, an insert function. */
  readonly staged: readonly LogReader[];
  /** Sources whose events go by `staged`. */
  readonly stagedSources: readonly string[];
  /** Where the insert function of a source has come to in `staged`; undefined before its first event. */
  stagedCursor(partition: number, source: string): Promise<Offset | undefined>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const lookEveryMs = 50;

/**
 * Waits until process has come to what is accepted now, all of which was acknowledged before or is about to be, and insert
 * functions to what they were given of it; what they try again later is not waited for. False: it took longer than
 * `limits.warehouseProcessMs`, or the signal aborted.
 */
export async function untilProcessed(deps: ProcessedDeps): Promise<boolean> {
  const { accepted, staged, clock, signal } = deps;
  const late = clock.now() + limits.warehouseProcessMs;
  const wait = async (isBehind: () => Promise<boolean>): Promise<boolean> => {
    while (await isBehind()) {
      if (signal.aborted || clock.now() >= late) return false;
      await clock.sleep(lookEveryMs);
    }
    return true;
  };
  const acceptedEnds = await endsOf(accepted);
  for (const [partition, end] of acceptedEnds.entries()) {
    if (!(await wait(() => isProcessBehind(deps, partition, end)))) return false;
  }
  const stagedEnds = await endsOf(staged);
  for (const [partition, end] of stagedEnds.entries()) {
    for (const source of deps.stagedSources) {
      if (!(await wait(() => isFunctionBehind(deps, partition, source, end)))) return false;
    }
  }
  return true;
}

function endsOf(readers: readonly LogReader[]): Promise<Offset[]> {
  return Promise.all(
    readers.map((reader) => {
      reader.wake();
      return reader.end();
    }),
  );
}

async function isProcessBehind(
  { accepted, events }: ProcessedDeps,
  partition: number,
  end: Offset,
): Promise<boolean> {
  events[partition]?.wake();
  const mark = (await events[partition]?.mark()) ?? 0;
  if (mark >= end) return false;
  // A log may begin, and go on in a new file, behind its last mark without a record between.
  const [next] = (await accepted[partition]?.read(mark, { maxBytes: 1 }))?.records ?? [];
  return next !== undefined && next.offset < end;
}

async function isFunctionBehind(
  { staged, stagedCursor }: ProcessedDeps,
  partition: number,
  source: string,
  end: Offset,
): Promise<boolean> {
  const reader = staged[partition];
  if (reader === undefined) return false;
  const from = (await stagedCursor(partition, source)) ?? (await reader.start());
  if (from >= end) return false;
  return (await reader.count(from, end, source, [recordKinds.event])) > 0;
}
