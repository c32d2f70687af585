import { eventually } from '../test/rig/eventually.ts';
import { batchSize, type Stand } from './stand.ts';

/** Seconds of batches that are handed in; what they make is then delivered. */
const feedSeconds = 1;

/** Events a second, process and delivery together: from the beginning of the feed until all have arrived at the webhook. */
export async function deliverOnce(stand: Stand): Promise<number> {
  const before = await stand.webhook.count();
  const begun = performance.now();
  const fed = await stand.slot('durable', 'batch', 1, feedSeconds);
  const events = fed.requests * batchSize;
  let count = 0;
  await eventually(
    `${events} events are delivered`,
    async () => {
      count = (await stand.webhook.count()) - before;
      return count >= events;
    },
    { within: 180_000, every: 20 },
  );
  return count / ((performance.now() - begun) / 1_000);
}
