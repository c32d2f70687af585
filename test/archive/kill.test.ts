/** kill -9 at any moment leaves each event in the archive once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { random, seedFrom } from '../rig/random.ts';
import { type Server, signalProcess } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { archivePlaces, archivingServer } from './places.ts';

const seed = seedFrom('ARCHIVE_SEED');
const kills = Number(process.env['ARCHIVE_KILLS'] ?? 8);

/** Sends numbered events until it is stopped; a batch that was not acknowledged is sent again. */
function sender(server: () => Server) {
  let isOver = false;
  let sent = 0;
  const run = async () => {
    while (!isOver) {
      const batch = Array.from({ length: 20 }, (_, at) => ({
        type: 'track',
        event: 'E',
        userId: `u${at}`,
        messageId: `m${sent + at}`,
        properties: { text: 'x'.repeat(400) },
      }));
      const status = await track(server(), '/v1/batch', { batch })
        .then(async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        })
        .catch(() => 0);
      if (status === 200) sent += batch.length;
      else await sleep(20);
    }
  };
  const done = run();
  return {
    stop: async () => {
      isOver = true;
      await done;
      return sent;
    },
  };
}

/** Each place has servers of its own, and waits most of its time. */
describe('an archive', { concurrency: 2 }, () => {
  for (const { name, skip, url } of archivePlaces()) {
    test(`${name}: killed ${kills} times while it archives, every event stands there once (ARCHIVE_SEED=${seed})`, {
      skip,
      timeout: 60_000 + kills * 20_000,
    }, async (t) => {
      const dice = random(seed);
      const archived = await archivingServer(t, url, {
        TRIBUTARY_RATE_LIMIT: '0',
        TRIBUTARY_LOG_LEVEL: 'warn',
      });
      const sending = sender(() => archived.server);
      for (let killed = 0; killed < kills; killed += 1) {
        await sleep(dice.between(800, 2_600));
        const worker = archived.server.tree().find(({ command }) => command.includes('worker'));
        if (worker !== undefined && dice.next() < 0.5) {
          signalProcess(worker.pid, 'SIGKILL');
        } else {
          await archived.server.kill();
          await archived.restart();
        }
      }
      const sent = await sending.stop();
      assert.ok(sent > 100, `${sent} were sent`);
      const idsOf = async () => (await archived.lines()).map(({ messageId = '' }) => messageId);
      await eventually('all are there', async () => new Set(await idsOf()).size >= sent, {
        within: 60_000,
        every: 500,
      });
      const ids = await idsOf();
      const seen = new Set<string>();
      const twice = ids.filter((id) => seen.size === seen.add(id).size);
      assert.deepEqual(twice, []);
      await archived.server.stop();
      const env = { ...environmentOf(archived.server), ...archived.variables };
      const verified = await startCommand(['archive', 'verify'], env).done;
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    });
  }
});
