import type { Section } from '../bench.ts';
import { type Finding, finding, ratioFinding } from '../finding.ts';
import { runRounds } from '../rounds.ts';
import { batchSize, startStand } from '../stand.ts';
import { verifyDurable } from '../verify-durable.ts';

const connectionCounts = [1, 16, 64, 256];

export const batch: Section = {
  name: 'batch',
  about: 'batches of 100: durable against parse-and-validate, and against single discards',
  run: async (bench) => {
    const stand = await startStand(bench);
    try {
      const cases = connectionCounts.flatMap((connections) => [
        {
          name: `single discard ${connections}`,
          run: () => stand.slot('discard', 'single', connections),
        },
        {
          name: `validate ${connections}`,
          run: () => stand.slot('validate', 'batch', connections),
        },
        {
          name: `durable ${connections}`,
          run: () => stand.slot('durable', 'batch', connections),
        },
      ]);
      const rounds = await runRounds(bench.rounds, cases);
      const { invalid } = rounds;
      const findings = connectionCounts.flatMap((connections): Finding[] => {
        const rates = (name: string) => rounds.rates(`${name} ${connections}`);
        const events = (name: string) => rates(name).map((rate) => rate * batchSize);
        const judged = connections >= 64;
        const label = `batches of ${batchSize}, ${connections} connections`;
        return [
          finding(`${label}: validate`, 'events/s', events('validate')),
          finding(`${label}: durable`, 'events/s', events('durable')),
          ...['validate', 'durable'].map((variant) =>
            finding(
              `${label}: CPU of ${variant}`,
              'µs/request',
              rounds.cpus(`${variant} ${connections}`),
            ),
          ),
          ratioFinding(`${label}: durable / validate`, rates('durable'), rates('validate'), {
            ...(judged && { bar: { atLeast: 0.6 } }),
            invalid,
          }),
          ratioFinding(
            `${label}: durable events / single discards`,
            events('durable'),
            rates('single discard'),
            { ...(judged && { bar: { atLeast: 2.5 } }), invalid, mayExceedOne: true },
          ),
        ];
      });
      const sent = connectionCounts.map((connections) => rounds.requests(`durable ${connections}`));
      const acknowledged = sent.reduce((sum, count) => sum + count, 0) * batchSize;
      return [...findings, await verifyDurable(stand.server, acknowledged)];
    } finally {
      await stand.stop();
    }
  },
};
