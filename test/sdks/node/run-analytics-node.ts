/** Makes the calls of a job (see driver.ts) with `@segment/analytics-node`. */
import { Analytics } from '@segment/analytics-node';
import { callsOf, readJob } from './read-job.ts';

const job = await readJob();
const analytics = new Analytics({
  writeKey: job.writeKey,
  host: job.url,
  flushAt: job.flushAt,
  flushInterval: 200,
});
let failed = 0;
analytics.on('error', (problem) => {
  failed++;
  console.error(problem);
});
const { identify, track, page, screen, group, alias } = analytics;
const methods = { identify, track, page, screen, group, alias };
const told = callsOf(job).map(
  ({ type, fields }) =>
    new Promise<void>((resolve) => {
      Reflect.apply(methods[type], analytics, [fields, () => resolve()]);
    }),
);
if (job.close === 'when sent') await Promise.all(told);
await analytics.closeAndFlush({ timeout: 100_000 });
console.log('failed', failed);
