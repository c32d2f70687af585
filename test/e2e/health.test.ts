import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { freePort } from '../rig/free-port.ts';
import { readMetrics } from '../rig/metrics.ts';
import { type Server, signalProcess, testToken, testWriteKey } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { sharedSecret, startStand } from './stand.ts';

const event = { userId: 'u', event: 'E' };

for (const role of ['control', 'worker'] as const) {
  test(`while the ${role} process hangs and after it was killed, /health is 200 and events are taken; it is started again, and that is counted`, async (t) => {
    const { server, receiver } = await startStand(t);
    const pid = Number(valueAt(await health(server), `parts.processes.${role}.pid`));
    assert(pid > 1);
    signalProcess(pid, 'SIGSTOP');
    assert.equal(valueAt(await health(server), `parts.${role}`), undefined, 'it says nothing');
    assert.equal((await track(server, '/v1/track', { ...event, messageId: 'hangs' })).status, 200);
    signalProcess(pid, 'SIGKILL');
    assert.equal((await track(server, '/v1/track', { ...event, messageId: 'killed' })).status, 200);
    await eventually('it runs again', async () => {
      const now = await health(server);
      const state = valueAt(now, `parts.processes.${role}.state`);
      return state === 'running' && valueAt(now, `parts.processes.${role}.restarts`) === 1;
    });
    const restarts = (await readMetrics(server)).find(
      ({ name, labels }) =>
        name === 'tributary_process_restarts_total' && labels['process'] === role,
    );
    assert.equal(restarts?.value, 1);
    await receiver.waitFor('both events', (all) => all.length >= 2);
  });
}

test('/health and /metrics, which ask for no token, name no address, no key and no event', async (t) => {
  const { server, receiver } = await startStand(t);
  const dead = `127.0.0.1:${await freePort()}`;
  await addWebhook(server, [`http://${dead}/`]);
  await track(server, '/v1/track', { ...event, event: 'Private' });
  await eventually('an attempt has failed', async () => {
    const lanes = valueAt(await health(server), 'parts.worker.partitions.0.deliver.lanes');
    return Array.isArray(lanes) && lanes.some((lane) => valueAt(lane, 'parked') === 1);
  });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  for (const text of [JSON.stringify(await health(server)), metrics]) {
    for (const secret of [
      testToken,
      testWriteKey,
      sharedSecret,
      new URL(receiver.url).host,
      dead,
    ]) {
      assert.ok(!text.includes(secret), secret);
    }
    assert.doesNotMatch(text, /Private/);
  }
});

/** The body of `/health`, which must be a 200. */
async function health(server: Server): Promise<unknown> {
  const answer = await fetch(`${server.url}/health`);
  assert.equal(answer.status, 200);
  return answer.json();
}
