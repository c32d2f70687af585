import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Section } from '../bench.ts';
import { type Finding, finding } from '../finding.ts';
import { runRounds } from '../rounds.ts';
import { startStand } from '../stand.ts';

const extraMs = 8;

export const slowFlush: Section = {
  name: 'slow-flush',
  about: `each flush takes ${extraMs} ms longer; printed, without a bar`,
  run: async (bench) => {
    const library = buildShim(bench.folder());
    if (library === undefined) {
      bench.say('    skipped: gcc is not installed');
      return [];
    }
    const env = { LD_PRELOAD: library, SLOW_FLUSH_MS: String(extraMs) };
    const stand = await startStand(bench, { env });
    try {
      const counts = [1, 16, 64, 256];
      const rounds = await runRounds(
        Math.ceil(bench.rounds / 2),
        counts.map((connections) => ({
          name: String(connections),
          run: () => stand.slot('durable', 'single', connections),
        })),
      );
      return counts.flatMap((connections): Finding[] => [
        finding(
          `flush + ${extraMs} ms, ${connections} connections: durable`,
          'requests/s',
          rounds.rates(String(connections)),
        ),
        finding(
          `flush + ${extraMs} ms, ${connections} connections: ack p99`,
          'ms',
          rounds.p99s(String(connections)),
        ),
      ]);
    } finally {
      await stand.stop();
    }
  },
};

/** Compiles the shim; undefined without a compiler. */
function buildShim(folder: string): string | undefined {
  mkdirSync(folder, { recursive: true });
  const library = join(folder, 'slow-flush.so');
  const source = fileURLToPath(new URL('../load/slow-flush.c', import.meta.url));
  try {
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']);
    return library;
  } catch {
    return undefined;
  }
}
