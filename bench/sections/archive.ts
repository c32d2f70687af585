import type { Bench, Section } from '../bench.ts';
import { deliverOnce } from '../deliver-once.ts';
import { type Finding, ratioFinding } from '../finding.ts';
import { runRounds } from '../rounds.ts';
import { type Stand, startStand } from '../stand.ts';

const connections = 64;

export const archive: Section = {
  name: 'archive',
  about: 'ingest and delivery of a server that archives at every chance, against one that does not',
  run: async (bench) => {
    const stands = {
      on: await startStand(bench, { env: { TRIBUTARY_ARCHIVE_SECONDS: '1' } }),
      off: await startStand(bench, { env: { TRIBUTARY_ARCHIVE: 'off' } }),
    };
    try {
      return [...(await ingestFindings(bench, stands)), await deliveryFinding(bench, stands)];
    } finally {
      await stands.on.stop();
      await stands.off.stop();
    }
  },
};

type Stands = Readonly<Record<'on' | 'off', Stand>>;

async function ingestFindings(bench: Bench, stands: Stands): Promise<readonly Finding[]> {
  const cases = (['on', 'off'] as const).map((name) => ({
    name,
    run: () => stands[name].slot('durable', 'single', connections),
  }));
  const rounds = await runRounds(bench.rounds, cases);
  const { invalid } = rounds;
  return [
    ratioFinding(
      'single events, 64 connections: with an archive / without',
      rounds.rates('on'),
      rounds.rates('off'),
      { bar: { atLeast: 0.95 }, invalid, mayExceedOne: true },
    ),
  ];
}

/** Both are fed and deliver by turns; what the one archives meanwhile is on its own account. */
async function deliveryFinding(bench: Bench, stands: Stands): Promise<Finding> {
  const rates: Record<keyof Stands, number[]> = { on: [], off: [] };
  for (let round = -1; round < bench.rounds; round += 1) {
    const order = round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const);
    for (const name of order) {
      const rate = await deliverOnce(stands[name]);
      if (round >= 0) rates[name].push(rate);
    }
  }
  return ratioFinding('delivered to a webhook: with an archive / without', rates.on, rates.off, {
    bar: { atLeast: 0.95 },
    mayExceedOne: true,
  });
}
