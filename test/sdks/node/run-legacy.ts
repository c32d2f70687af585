/** Makes the calls of a job (see driver.ts) with `analytics-node`. */
import Analytics from 'analytics-node';
import { allTold, readJob } from './read-job.ts';

const job = await readJob();
// By default it gives up after three retries, within two seconds.
const options = { host: job.url, flushAt: job.flushAt, flushInterval: 200, retryCount: 10 };
// Without a handler a batch that is given up ends the process: the promise of a flush nobody asked for.
const errorHandler = (problem: unknown) => console.error(String(problem));
const analytics = new Analytics(job.writeKey, { ...options, errorHandler });
console.log('failed', await allTold(job, analytics));
