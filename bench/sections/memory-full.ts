import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../test/rig/server.ts';
import type { Bench, Section } from '../bench.ts';
import { withEventsReader } from '../events-reader.ts';
import { startStand } from '../stand.ts';
import { memoryUnderLoad } from './memory.ts';

export const memoryFull: Section = {
  name: 'memory-full',
  about: 'as memory, with at least 86 million keys in the dedupe window',
  run: async (bench) => {
    // The newest, up to 0.7 million, are still in memory when the filler ends, and are not kept.
    const millions = bench.quick ? 4 : 88;
    const stand = await startStand(bench, {
      command: ['npm', 'start'],
      prepare: (folder) => fillWindow(bench, folder, millions),
    });
    try {
      return await memoryUnderLoad(stand, `${millions} million keys`, bench);
    } finally {
      await stand.stop();
    }
  },
};

/** Lets a server make the folder, then gives it the keys of a busy day while it is stopped. */
async function fillWindow({ say }: Bench, folder: string, millions: number): Promise<void> {
  const first = await startServer({ folder });
  await first.stop();
  const data = join(folder, 'data');
  const mark = await withEventsReader(data, (events) => events.mark());
  const begun = performance.now();
  const filler = fileURLToPath(new URL('../dedupe-fill.ts', import.meta.url));
  const fill = spawn(
    process.execPath,
    [
      ...[filler, '--keys', String(millions), '--mark', String(mark)],
      ...['--folder', join(data, 'keys', '0'), '--secret', join(data, 'dedupe-secret')],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = await once(fill, 'exit');
  if (code !== 0) throw new Error(`dedupe-fill ended with ${code}`);
  say(`    filled in ${Math.round((performance.now() - begun) / 1_000)} s`);
}
