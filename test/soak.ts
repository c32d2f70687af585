/**
 * `npm run soak [-- <minutes>] [<part of a path> …]`: the suites that take a seed, in their long form, again and again, each time with
 * another seed, until the time is over (an hour without the argument) or a seed fails. That seed, which was printed, reproduces it:
 * `CRASH_SEED=<seed> npm test -- test/crash`, and so on with the variables below.
 */

import { fileJob } from './runner/job.ts';
import { suiteFiles } from './runner/jobs.ts';
import { close, noTotals, print, runJobs } from './runner/run-jobs.ts';
import { ensureServices } from './services/services.ts';

/** Which files, the variable of their seed, and what makes them long. */
const suites = [
  { path: 'test/chaos/', seed: 'CHAOS_SEED', long: { CHAOS_SECONDS: '120' } },
  {
    path: 'test/crash/',
    seed: 'CRASH_SEED',
    long: { CRASH_KILLS: '60', BACKLOG_EVENTS: '1000000' },
  },
  { path: 'test/fuzz/', seed: 'TRIBUTARY_FUZZ_SEED', long: { FUZZ_REQUESTS: '100000' } },
  { path: 'test/archive/kill', seed: 'ARCHIVE_SEED', long: { ARCHIVE_KILLS: '40' } },
  { path: 'test/warehouses/kill', seed: 'WAREHOUSE_SEED', long: { WAREHOUSE_KILLS: '40' } },
  { path: 'test/cluster/', seed: 'CLUSTER_SEED', long: { CLUSTER_ROUNDS: '6' } },
  { path: 'test/operating/', seed: 'OPERATING_SEED', long: {} },
] as const;

/** A file with many kills and a large backlog. */
const soakMostMs = 2 * 60 * 60_000;
const given = process.argv.slice(2);
const minutes = Number(given.find((one) => /^[\d.]+$/.test(one)) ?? 60);
const parts = given.filter((one) => !/^[\d.]+$/.test(one));
const wanted = (file: string) => parts.length === 0 || parts.some((part) => file.includes(part));
const files = suites.flatMap(({ path, seed, long }) =>
  suiteFiles
    .filter((file) => file.startsWith(path) && wanted(file))
    .map((file) => ({ file, seed, long })),
);

const totals = noTotals();
for (const missing of ensureServices(files.map(({ file }) => file))) print(missing, totals);
const until = performance.now() + minutes * 60_000;
let seed = Date.now() % 2 ** 31;
do {
  seed++;
  console.log(`seed ${seed}`);
  const jobs = files.map(({ file, seed: variable, long }) =>
    fileJob(file, soakMostMs, { more: { [variable]: String(seed), ...long } }),
  );
  await runJobs(jobs, 1, totals);
} while (performance.now() < until && totals.failed.length === 0 && files.length > 0);
close(totals);
