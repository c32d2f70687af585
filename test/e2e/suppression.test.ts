import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, api, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { type Server, startServer, testToken } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';

async function suppressedSoFar({ url }: Server): Promise<number> {
  const headers = { authorization: `Bearer ${testToken}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  const [, count = 0] = /user_suppressed"[^}]*\} (\d+)/.exec(text) ?? [];
  return Number(count);
}

async function send(server: Server, userId: string, event: string): Promise<void> {
  assert.equal((await track(server, '/v1/track', { userId, event })).status, 200);
}

test('a suppressed user’s events stop until it is taken back, also after a restart', async (t) => {
  const folder = await tempFolder('e2e');
  const receiver = await startReceiver();
  const first = await startServer({ folder: folder.path });
  const running = { server: first };
  t.after(async () => {
    await running.server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(first, [receiver.url]);
  const regulate = (regulationType: string) =>
    api(running.server, 'POST', '/regulations', {
      regulationType,
      subjectType: 'USER_ID',
      subjectIds: ['gone'],
    });
  await send(first, 'gone', 'before');
  await receiver.waitFor('what came before', (all) => all.length > 0);
  await regulate('SUPPRESS_ONLY');
  const holds = async () => {
    await send(running.server, 'gone', 'meanwhile');
    return (await suppressedSoFar(running.server)) > 0;
  };
  await eventually('suppression holds', holds);
  await first.stop();

  const again = await startServer({ folder: folder.path, port: first.port });
  running.server = again;
  await send(again, 'gone', 'after the restart');
  await eventually('it holds at once', async () => (await suppressedSoFar(again)) > 0);
  const list = await api(again, 'GET', '/suppressions');
  assert.deepEqual(valueAt(list, 'data.suppressed.0.subjectIds'), ['gone']);
  await regulate('UNSUPPRESS');
  const taken = await eventually('it is taken back', async () => {
    await send(again, 'gone', 'at last');
    const names = valuesAt(receiver.taken, 'event');
    return names.includes('at last') && names;
  });
  assert(!taken.includes('after the restart'));
});
