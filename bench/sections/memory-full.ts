import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Section } from '../bench.ts';
import { startStand } from '../stand.ts';
import { memoryUnderLoad } from './memory.ts';

const keys = 86_000_000;

export const memoryFull: Section = {
  name: 'memory-full',
  about: `as memory, with ${keys / 1e6} million keys in the dedupe window`,
  run: async (bench) => {
    const filler = fileURLToPath(new URL('../dedupe-fill.ts', import.meta.url));
    if (!existsSync(filler)) {
      bench.say('    skipped: there is no dedupe-fill.ts');
      return [];
    }
    const stand = await startStand(bench, { command: ['npm', 'start'] });
    try {
      return await memoryUnderLoad(stand, `${keys / 1e6} million keys`, bench);
    } finally {
      await stand.stop();
    }
  },
};
