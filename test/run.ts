/**
 * `npm test`: installs what the tests need, then runs the checks and every test file.
 * `npm test -- <part of a path> …` runs the files (and checks) whose name holds one of the parts.
 */
import { availableParallelism } from 'node:os';
import { checks, suiteJobs, unitJobs } from './runner/jobs.ts';
import { close, noTotals, print, runJobs } from './runner/run-jobs.ts';
import { ensureServices } from './services/services.ts';

const parts = process.argv.slice(2);
const wanted = ({ name }: { readonly name: string }) =>
  parts.length === 0 || parts.some((part) => name.includes(part));

const totals = noTotals();
const suites = suiteJobs.filter(wanted);
for (const missing of ensureServices(suites.map(({ name }) => name))) print(missing, totals);
await runJobs([...checks, ...unitJobs].filter(wanted), availableParallelism(), totals);
await runJobs(suites, 1, totals);
close(totals);
