import { env } from '../env.ts';
import type { Job, JobResult } from './job.ts';
import type { TestLine } from './report.ts';

const outcomes = ['passed', 'failed', 'skipped'] as const;
type Outcome = (typeof outcomes)[number];

/** What a run has seen so far: the name of each test by how it ended. */
export type Totals = Record<Outcome, string[]>;

export const noTotals = (): Totals => ({ passed: [], failed: [], skipped: [] });

/** Runs jobs, `parallel` at once, and prints each as it ends: a line, or everything it said when it failed. */
export async function runJobs(
  jobs: readonly Job[],
  parallel: number,
  totals: Totals,
): Promise<void> {
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      print(await job.run(), totals);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, jobs.length) }, work));
}

export function print({ name, tests, seconds, output }: JobResult, totals: Totals): void {
  const mine = noTotals();
  for (const test of tests) {
    // On the build machine a skipped test is one that nobody would miss.
    const outcome = test.outcome === 'skipped' && env.ci ? 'failed' : test.outcome;
    mine[outcome].push(`${name} › ${test.name}${reasonOf(test)}`);
  }
  const bad = mine.failed.length > 0;
  const counts = counted(mine, ['passed', ...nonEmpty(mine)]);
  console.log(`${bad ? '✖' : '✔'} ${name}: ${counts} (${seconds.toFixed(1)} s)`);
  if (bad) console.log(output.trimEnd().replace(/^/gm, '  │ '));
  for (const skipped of mine.skipped) console.log(`  – ${skipped}`);
  for (const outcome of outcomes) {
    totals[outcome].push(...mine[outcome]);
  }
}

/** Of a skipped test in its line, of a failed one below it. */
function reasonOf({ outcome, reason }: TestLine): string {
  if (reason === undefined || reason === '') return '';
  return outcome === 'skipped' ? `: skipped: ${reason}` : `\n${reason.replace(/^/gm, '    ')}`;
}

const hasReason = (line: string) => line.includes('\n');

const nonEmpty = (totals: Totals) =>
  (['failed', 'skipped'] as const).filter((outcome) => totals[outcome].length > 0);

function counted(totals: Totals, shown: readonly Outcome[]): string {
  return shown.map((outcome) => `${totals[outcome].length} ${outcome}`).join(', ');
}

/** Names what failed and why, prints the closing line and sets the exit code: a run without tests is a failed one. */
export function close(totals: Totals): void {
  // Those with a reason at the end: a log is often cut.
  const failed = totals.failed.toSorted((a, b) => Number(hasReason(a)) - Number(hasReason(b)));
  console.log(failed.map((name) => `\n✖ ${name}`).join(''));
  const skipped = totals.skipped.length > 0 ? (['skipped'] as const) : [];
  console.log(counted(totals, ['passed', 'failed', ...skipped]));
  process.exitCode = totals.failed.length > 0 || totals.passed.length === 0 ? 1 : 0;
}
