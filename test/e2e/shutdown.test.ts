import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook } from '../rig/api.ts';
import { freePort } from '../rig/free-port.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';

for (const to of ['command', 'group'] as const) {
  test(`SIGTERM to the ${to} of \`npm start\` under load: it ends within 10 s, and after the next start all that was acknowledged has arrived once`, async (t) => {
    await stopsAndContinues(t, ['npm', 'start'], to);
  });
}

test('SIGTERM to `tributary serve`: it ends within 10 s with code 0, and continues after the next start', async (t) => {
  const exit = await stopsAndContinues(t, ['sh', 'bin/tributary', 'serve'], 'command');
  assert.deepEqual(exit, { code: 0, signal: null });
});

async function stopsAndContinues(
  t: TestContext,
  command: readonly string[],
  to: 'command' | 'group',
) {
  const folder = await tempFolder('stop');
  const receiver = await startReceiver();
  const options = {
    folder: folder.path,
    port: await freePort(),
    command,
    env: { TRIBUTARY_RATE_LIMIT: '0' },
  };
  let server = await startServer(options);
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url]);
  const load = startLoad(server);
  await receiver.waitFor('deliveries are under way', (all) => all.length >= 200);
  const exit = await server.stop('SIGTERM', to, 10_000);
  await load.stop();
  const missing = () => {
    const arrived = new Set(valuesAt(receiver.taken, 'messageId'));
    return load.acknowledged.filter((id) => !arrived.has(id));
  };
  t.diagnostic(`${load.acknowledged.length} acknowledged, ${missing().length} left for later`);

  server = await startServer(options);
  await receiver.waitFor('the rest', () => missing().length === 0);
  const ids = valuesAt(receiver.taken, 'messageId');
  assert.equal(new Set(ids).size, ids.length, 'nothing twice');
  return exit;
}

/** Four connections that send small batches until the server is gone. */
function startLoad(server: Server) {
  const acknowledged: string[] = [];
  let stopped = false;
  const lane = async (name: number) => {
    for (let index = 0; !stopped; index += 10) {
      const batch = Array.from({ length: 10 }, (_, item) => ({
        type: 'track',
        event: 'E',
        userId: `u-${name}-${item}`,
        messageId: `${name}-${index + item}`,
      }));
      try {
        const answer = await track(server, '/v1/batch', { batch });
        if (answer.status === 200) acknowledged.push(...batch.map(({ messageId }) => messageId));
        await answer.arrayBuffer();
      } catch {
        return; // The server has gone: what was not acknowledged does not count.
      }
      await sleep(2);
    }
  };
  const lanes = Promise.all([0, 1, 2, 3].map(lane));
  return {
    acknowledged,
    stop: async () => {
      stopped = true;
      await lanes;
    },
  };
}
