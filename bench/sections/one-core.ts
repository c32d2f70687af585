import type { Section } from '../bench.ts';
import { ratioFinding } from '../finding.ts';
import { runRounds } from '../rounds.ts';
import { startStand } from '../stand.ts';

export const oneCore: Section = {
  name: 'one-core',
  about: 'the whole process tree on one core; printed, without a bar',
  run: async (bench) => {
    const stand = await startStand(bench, { oneCore: true });
    try {
      const rounds = await runRounds(bench.rounds, [
        { name: 'discard', run: () => stand.slot('discard', 'single', 64) },
        { name: 'single', run: () => stand.slot('durable', 'single', 64) },
        { name: 'validate', run: () => stand.slot('validate', 'batch', 64) },
        { name: 'batch', run: () => stand.slot('durable', 'batch', 64) },
      ]);
      const { invalid } = rounds;
      return [
        ratioFinding(
          'one core, single: durable / discard',
          rounds.rates('single'),
          rounds.rates('discard'),
          { invalid },
        ),
        ratioFinding(
          'one core, batch: durable / validate',
          rounds.rates('batch'),
          rounds.rates('validate'),
          { invalid },
        ),
      ];
    } finally {
      await stand.stop();
    }
  },
};
