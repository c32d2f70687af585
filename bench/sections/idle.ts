import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '../../test/rig/process-tree.ts';
import { startServer } from '../../test/rig/server.ts';
import type { Section } from '../bench.ts';
import { finding } from '../finding.ts';
import { sharesOf } from './memory.ts';

export const idle: Section = {
  name: 'idle',
  about: 'memory and CPU of the tree of `npm start`, npm included, with nothing to do',
  run: async (bench) => {
    const env = { TRIBUTARY_LOG_LEVEL: 'warn' };
    const server = await startServer({ folder: bench.folder(), command: ['npm', 'start'], env });
    try {
      // The last of what a start costs is V8 tidying up, some ten seconds after there is nothing left to do.
      await sleep(bench.quick ? 3_000 : 20_000);
      const cpuSeconds = () => server.tree().reduce((sum, fact) => sum + fact.cpuSeconds, 0);
      const seconds = bench.quick ? 5 : 20;
      const before = cpuSeconds();
      await sleep(seconds * 1_000);
      const share = ((cpuSeconds() - before) / seconds) * 100;
      bench.say(`    ${sharesOf(server.tree())}`);
      const memory = memoryOf(server.tree().map(({ pid }) => pid));
      return [
        finding('idle: RSS summed over the tree', 'MB', [memory.rss], { bar: { below: 350 } }),
        finding('idle: PSS summed over the tree', 'MB', [memory.pss]),
        finding('idle: CPU', '% of a core', [share], { bar: { below: 1 } }),
      ];
    } finally {
      await server.kill();
    }
  },
};
