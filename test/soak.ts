/**
 * `npm run soak [-- <minutes>]`: the crash suite, the fuzzer, the sick destinations and the cluster again and again, each time with another
 * seed, until the time is over (an hour without the argument) or a seed fails; that seed then reproduces
 * it: `CRASH_SEED=<seed> npm test -- test/crash`, `TRIBUTARY_FUZZ_SEED=<seed> npm test -- test/fuzz`,
 * `CLUSTER_SEED=<seed> npm test -- test/cluster`, `CHAOS_SEED=<seed> npm test -- test/chaos`.
 */

import { fileJob } from './runner/job.ts';
import { suiteFiles } from './runner/jobs.ts';
import { close, noTotals, runJobs } from './runner/run-jobs.ts';

/** A file with many kills and a large backlog. */
const soakMostMs = 2 * 60 * 60_000;
const minutes = Number(process.argv[2] ?? 60);
const files = suiteFiles.filter((path) => /^test\/(crash|fuzz|cluster|chaos)\//.test(path));
const totals = noTotals();
const until = performance.now() + minutes * 60_000;
let seed = Date.now() % 2 ** 31;
do {
  seed++;
  console.log(`seed ${seed}`);
  const environment = {
    ...{ CRASH_SEED: String(seed), CRASH_KILLS: '60', BACKLOG_EVENTS: '1000000' },
    ...{ CLUSTER_SEED: String(seed), CLUSTER_ROUNDS: '6' },
    ...{ CHAOS_SEED: String(seed), CHAOS_SECONDS: '120' },
    ...{ TRIBUTARY_FUZZ_SEED: String(seed), FUZZ_REQUESTS: '100000' },
  };
  await runJobs(
    files.map((path) => fileJob(path, soakMostMs, { more: environment })),
    1,
    totals,
  );
} while (performance.now() < until && totals.failed.length === 0 && files.length > 0);
close(totals);
