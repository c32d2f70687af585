import { startServer } from '../../test/rig/server.ts';
import type { Section } from '../bench.ts';
import { finding } from '../finding.ts';

export const start: Section = {
  name: 'start',
  about: 'from the command to /health answering 200, on a warm install',
  run: async (bench) => {
    const viaNpm = await startTimes(['npm', 'start'], bench.rounds, bench.folder());
    const direct = await startTimes(['sh', 'bin/tributary', 'serve'], bench.rounds, bench.folder());
    return [
      finding('npm start to /health', 's', viaNpm, { bar: { below: 2 } }),
      finding('tributary serve to /health', 's', direct),
    ];
  },
};

/** Seconds of each start on the same data; the first, which makes the data folder, does not count. */
async function startTimes(
  command: readonly string[],
  rounds: number,
  folder: string,
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const begun = performance.now();
    const server = await startServer({ folder, command, env: { TRIBUTARY_LOG_LEVEL: 'warn' } });
    times.push((performance.now() - begun) / 1_000);
    await server.stop();
  }
  return times.slice(1);
}
