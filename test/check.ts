/** `npm run check`: the checks and the unit tests, in less than a minute. */
import { availableParallelism } from 'node:os';
import { checks, unitJobs } from './runner/jobs.ts';
import { close, runJobs, type Totals } from './runner/run-jobs.ts';

const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
await runJobs([...checks, ...unitJobs], availableParallelism(), totals);
close(totals);
