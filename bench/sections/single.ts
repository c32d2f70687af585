import type { Section } from '../bench.ts';
import { type Finding, finding, ratioFinding } from '../finding.ts';
import { runRounds } from '../rounds.ts';
import { startStand, type Variant } from '../stand.ts';
import { verifyDurable } from '../verify-durable.ts';

const variants: readonly Variant[] = ['discard', 'validate', 'durable'];
const connectionCounts = [1, 16, 64, 256];

export const single: Section = {
  name: 'single',
  about: 'one event a request: durable against raw node:http that discards',
  run: async (bench) => {
    const stand = await startStand(bench);
    try {
      const cases = connectionCounts.flatMap((connections) =>
        variants.map((variant) => ({
          name: `${variant} ${connections}`,
          run: () => stand.slot(variant, 'single', connections),
        })),
      );
      const rounds = await runRounds(bench.rounds, cases);
      const { invalid } = rounds;
      const findings = connectionCounts.flatMap((connections): Finding[] => {
        const rates = (variant: Variant) => rounds.rates(`${variant} ${connections}`);
        const bar = connections >= 64 ? { bar: { atLeast: 0.5 } } : {};
        return [
          ...variants.map((variant) =>
            finding(`single, ${connections} connections: ${variant}`, 'requests/s', rates(variant)),
          ),
          ratioFinding(
            `single, ${connections} connections: durable / discard`,
            rates('durable'),
            rates('discard'),
            { ...bar, invalid },
          ),
          ...variants.map((variant) =>
            finding(
              `single, ${connections} connections: CPU of ${variant}`,
              'µs/request',
              rounds.cpus(`${variant} ${connections}`),
            ),
          ),
          ratioFinding(
            `single, ${connections} connections: durable / validate`,
            rates('durable'),
            rates('validate'),
            { invalid, mayExceedOne: true },
          ),
        ];
      });
      const sent = connectionCounts.map((connections) => rounds.requests(`durable ${connections}`));
      const acknowledged = sent.reduce((sum, count) => sum + count, 0);
      return [...findings, await verifyDurable(stand.server, acknowledged)];
    } finally {
      await stand.stop();
    }
  },
};
