import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '../../test/rig/process-tree.ts';
import type { Section } from '../bench.ts';
import { type Finding, finding } from '../finding.ts';
import { type Stand, startStand } from '../stand.ts';

export const memory: Section = {
  name: 'memory',
  about: 'memory of the tree of `npm start` under load, npm included',
  run: async (bench) => {
    const stand = await startStand(bench, { command: ['npm', 'start'] });
    try {
      return await memoryUnderLoad(stand, 'under load', bench.quick ? 2 : 10);
    } finally {
      await stand.stop();
    }
  },
};

/** The highest sums over the tree while single events come in at 256 connections and batches at 64. */
export async function memoryUnderLoad(
  stand: Stand,
  label: string,
  seconds: number,
): Promise<Finding[]> {
  const highest = { rss: 0, pss: 0 };
  let stopped = false;
  const watch = async () => {
    while (!stopped) {
      const sum = memoryOf(stand.server.tree().map(({ pid }) => pid));
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
  return [
    finding(`${label}: highest RSS summed over the tree`, 'MB', [highest.rss], {
      bar: { below: 600 },
    }),
    finding(`${label}: highest PSS summed over the tree`, 'MB', [highest.pss]),
  ];
}
