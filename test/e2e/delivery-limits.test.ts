import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { readMetrics, sumOf } from '../rig/metrics.ts';
import { track } from '../rig/track.ts';
import { startStand } from './stand.ts';

test('a user sets how much a destination gets; what it holds back is in the metrics, and comes when the limit goes', async (t) => {
  const { server, receiver } = await startStand(t);
  const listed = await api(server, 'GET', '/destinations?pagination[count]=10');
  const id = String(valueAt(listed, 'data.destinations.0.id'));
  const limits = async (...args: readonly string[]) => {
    const run = await startCommand(['destination', 'limits', id, ...args], environmentOf(server))
      .done;
    assert.equal(run.code, 0, run.stderr);
    return JSON.parse(run.stdout);
  };
  const set = await limits('--requests-per-second', '0.05', '--concurrency', '1');
  assert.deepEqual(set, { requestsPerSecond: 0.05, concurrency: 1 });
  assert.deepEqual(await limits(), set);
  // Unsent until the new limit is in force: then none within 20 s of the first.
  const metrics = async (name: string) => sumOf(await readMetrics(server), name);
  const batch = Array.from({ length: 30 }, (_, n) => ({
    ...{ type: 'track', userId: `u${n}`, event: 'E' },
  }));
  await track(server, '/v1/batch', { batch });
  await eventually(
    'the limit holds events back',
    async () => (await metrics('tributary_deliver_limited')) > 0,
    { within: 60_000 },
  );
  assert(receiver.taken.length < 30, String(receiver.taken.length));
  await limits('--requests-per-second', 'none');
  await receiver.waitFor('all of them', (taken) => taken.length === 30, 60_000);
  await eventually(
    'nothing is held back',
    async () => (await metrics('tributary_deliver_limited')) === 0,
    { within: 60_000 },
  );
  const refused = startCommand(
    ['destination', 'limits', id, '--concurrency', '0'],
    environmentOf(server),
  );
  assert.notEqual((await refused.done).code, 0);
});
