import type { Section } from '../bench.ts';
import { deliverOnce } from '../deliver-once.ts';
import { finding, ratioFinding } from '../finding.ts';
import { startStand } from '../stand.ts';
import { sendFindings } from './send.ts';

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
        const rate = await deliverOnce(stand);
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
  },
};
