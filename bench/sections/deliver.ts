import { eventually } from '../../test/rig/eventually.ts';
import type { Section } from '../bench.ts';
import { finding, ratioFinding } from '../finding.ts';
import { batchSize, startStand } from '../stand.ts';
import { sendFindings } from './send.ts';

/** Seconds of batches that each round hands in; what they make is then delivered. */
const feedSeconds = 1;
const connections = 64;

export const deliver: Section = {
  name: 'deliver',
  about:
    'events a second from the first byte in to the last answer of a keep-alive webhook; and what each kind of destination costs',
  run: async (bench) => {
    const stand = await startStand(bench);
    try {
      const discards: number[] = [];
      const delivered: number[] = [];
      for (let round = -1; round < bench.rounds; round++) {
        const yardstick = await stand.slot('discard', 'single', connections);
        const rate = await deliverOnce();
        if (round < 0) continue; // Warm-up.
        discards.push(yardstick.rate);
        delivered.push(rate);
      }
      return [
        finding('single discard, 64 connections', 'requests/s', discards),
        finding('delivered to a webhook', 'events/s', delivered),
        ratioFinding('delivered / single discards', delivered, discards, {
          bar: { atLeast: 0.15 },
        }),
        ...(await sendFindings(bench)),
      ];
    } finally {
      await stand.stop();
    }

    /** Process and delivery together: the time from the beginning of the feed until all have arrived. */
    async function deliverOnce(): Promise<number> {
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
  },
};
