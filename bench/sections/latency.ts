import type { Section } from '../bench.ts';
import { finding } from '../finding.ts';
import { prepareApiLoop } from '../load/api-loop.ts';
import { flushTimes } from '../machine.ts';
import { runRounds } from '../rounds.ts';
import { startStand } from '../stand.ts';

const connections = 256;

export const latency: Section = {
  name: 'latency',
  about: 'time to the ack at 256 connections, alone and while the API answers its heaviest list',
  run: async (bench) => {
    const stand = await startStand(bench);
    try {
      const lists = await prepareApiLoop(stand.server);
      const before = flushTimes(stand.server.folder);
      const run = () => stand.slot('durable', 'single', connections);
      const underApi = async () => {
        const loop = lists.start();
        try {
          return await run();
        } finally {
          bench.say(`    the API answered ${await loop.stop()} lists meanwhile`);
        }
      };
      const rounds = await runRounds(bench.rounds, [
        { name: 'alone', run },
        { name: 'under API', run: underApi },
      ]);
      const after = flushTimes(stand.server.folder);
      const flushP99 = Math.max(before.p99, after.p99);
      const fast = flushP99 < 2;
      if (!fast) bench.say(`    flush p99 is ${flushP99.toFixed(1)} ms here: no bar on the ack`);
      const options = { ...(fast && { bar: { below: 30 } }), invalid: rounds.invalid };
      return [
        finding('flush of 64 KiB, p50 before and after', 'ms', [before.p50, after.p50]),
        finding('flush of 64 KiB, p99 before and after', 'ms', [before.p99, after.p99]),
        finding('ack p99, 256 connections', 'ms', rounds.p99s('alone'), options),
        finding('ack p99, 256 connections, API busy', 'ms', rounds.p99s('under API'), options),
      ];
    } finally {
      await stand.stop();
    }
  },
};
