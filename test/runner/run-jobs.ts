import { env } from '../env.ts';
import type { Job, JobResult } from './job.ts';

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

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

export function print(result: JobResult, totals: Totals): void {
  const named = (outcome: string) => result.tests.filter((test) => test.outcome === outcome);
  const [passed, failed, skipped] = [named('passed'), named('failed'), named('skipped')];
  totals.passed += passed.length;
  // On the build machine a skipped test is one that nobody would miss.
  totals.failed += failed.length + (env.ci ? skipped.length : 0);
  totals.skipped += env.ci ? 0 : skipped.length;
  const bad = failed.length > 0 || (env.ci && skipped.length > 0);
  const counts = [
    `${passed.length} passed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ].join(', ');
  console.log(`${bad ? '✖' : '✔'} ${result.name}: ${counts} (${result.seconds.toFixed(1)} s)`);
  if (bad) console.log(indented(result.output));
  for (const { name } of failed) console.log(`  ✖ ${name}`);
  for (const { name, reason } of skipped) console.log(`  – skipped: ${name}: ${reason}`);
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '  │ ');
}

/** Prints the closing line and sets the exit code: a run without tests is a failed one. */
export function close(totals: Totals): void {
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}
