import { firstSource } from '../../test/rig/api.ts';
import { startOwnProcess } from '../../test/rig/own-process.ts';
import { testToken } from '../../test/rig/server.ts';
import type { Section } from '../bench.ts';
import { finding, ratioFinding } from '../finding.ts';
import { runRounds } from '../rounds.ts';
import { startStand } from '../stand.ts';

const viewers = 10;

export const tail: Section = {
  name: 'tail',
  about: `${viewers} viewers of the live tail cost less than 5 % of the ingest throughput`,
  run: async (bench) => {
    const stand = await startStand(bench);
    try {
      const source = await firstSource(stand.server);
      const url = `${stand.server.url}/api/sources/${source}/tail`;
      const file = new URL('../servers/viewers.ts', import.meta.url);
      const watched = async () => {
        const watching = await startOwnProcess(file, {
          core: bench.cores.rest,
          args: [url, testToken, String(viewers)],
        });
        try {
          return await stand.slot('durable', 'single', 64);
        } finally {
          const seen = await (await fetch(watching.url)).text();
          bench.say(`    ${viewers} viewers were shown ${seen} events`);
          await watching.stop();
        }
      };
      const rounds = await runRounds(bench.rounds, [
        { name: 'unwatched', run: () => stand.slot('durable', 'single', 64) },
        { name: 'watched', run: watched },
      ]);
      return [
        finding('durable, unwatched', 'requests/s', rounds.rates('unwatched')),
        finding(`durable, ${viewers} viewers`, 'requests/s', rounds.rates('watched')),
        ratioFinding(
          `durable, ${viewers} viewers / unwatched`,
          rounds.rates('watched'),
          rounds.rates('unwatched'),
          { bar: { atLeast: 0.95 }, invalid: rounds.invalid, mayExceedOne: true },
        ),
      ];
    } finally {
      await stand.stop();
    }
  },
};
