/** Makes the calls of a job (see driver.ts) with `@rudderstack/rudder-sdk-node`. */
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { allTold, readJob } from './read-job.ts';

const job = await readJob();
const options = { dataPlaneUrl: job.url, flushAt: job.flushAt, flushInterval: 200, gzip: job.gzip };
const errorHandler = (problem: unknown) => console.error(String(problem));
const analytics = new RudderAnalytics(job.writeKey, {
  ...options,
  errorHandler,
  logLevel: 'error',
});
console.log('failed', await allTold(job, analytics));
