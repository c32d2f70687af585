import { setTimeout as sleep } from 'node:timers/promises';
import { readMetrics, sumOf } from '../../test/rig/metrics.ts';
import { memoryOf, type ProcessFact } from '../../test/rig/process-tree.ts';
import type { Bench, Section } from '../bench.ts';
import { type Finding, finding } from '../finding.ts';
import { type Stand, startStand } from '../stand.ts';

export const memory: Section = {
  name: 'memory',
  about: 'memory of the tree of `npm start` under load, npm included',
  run: async (bench) => {
    const stand = await startStand(bench, { command: ['npm', 'start'] });
    try {
      return await memoryUnderLoad(stand, 'under load', bench);
    } finally {
      await stand.stop();
    }
  },
};

/** The highest sums over the tree while single events come in at 256 connections and batches at 64. */
export async function memoryUnderLoad(
  stand: Stand,
  label: string,
  { quick, say }: Bench,
): Promise<Finding[]> {
  const seconds = quick ? 2 : 10;
  const highest = { rss: 0, pss: 0 };
  let shares = '';
  let stopped = false;
  const watch = async () => {
    while (!stopped) {
      const tree = stand.server.tree();
      const sum = memoryOf(tree.map(({ pid }) => pid));
      if (sum.rss > highest.rss) shares = sharesOf(tree);
      highest.rss = Math.max(highest.rss, sum.rss);
      highest.pss = Math.max(highest.pss, sum.pss);
      await sleep(250);
    }
  };
  const watching = watch();
  await stand.slot('durable', 'single', 256, seconds);
  await stand.slot('durable', 'batch', 64, seconds);
  await stand.slot('durable', 'single', 64, seconds);
  stopped = true;
  await watching;
  const keys = sumOf(await readMetrics(stand.server), 'tributary_dedupe_keys');
  say(`    at the highest: ${shares}; ${(keys / 1e6).toFixed(1)} million keys in the window`);
  return [
    finding(`${label}: highest RSS summed over the tree`, 'MB', [highest.rss], {
      bar: { below: 600 },
    }),
    finding(`${label}: highest PSS summed over the tree`, 'MB', [highest.pss]),
  ];
}

/** What each process has of the sum, MB. */
export function sharesOf(tree: readonly ProcessFact[]): string {
  return tree
    .map(({ pid, command }) => `${command.slice(0, 24)} ${Math.round(memoryOf([pid]).rss)}`)
    .join(', ');
}
