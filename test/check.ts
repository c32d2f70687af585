/** `npm run check`: the checks and the unit tests, in less than a minute. */
import { availableParallelism } from 'node:os';
import { checks, unitJobs } from './runner/jobs.ts';
import { close, noTotals, runJobs } from './runner/run-jobs.ts';

const totals = noTotals();
await runJobs([...checks, ...unitJobs], availableParallelism(), totals);
close(totals);
