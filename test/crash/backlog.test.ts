import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { freePort } from '../rig/free-port.ts';
import { readMetrics, sumOf } from '../rig/metrics.ts';
import { startCountingWebhook } from '../rig/own-process.ts';
import { memoryOf } from '../rig/process-tree.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

/** The full share, 1,000,000, is run by `npm run soak`. */
const count = Number(process.env['BACKLOG_EVENTS'] ?? 200_000);
const batch = 500;

test(`${count} events behind a dead destination change the memory by less than 100 MB and are delivered when it is back`, {
  timeout: 120_000 + count,
}, async (t) => {
  const folder = await tempFolder('backlog');
  const env = { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'warn' };
  const server = await startServer({ folder: folder.path, env });
  const port = await freePort();
  t.after(async () => {
    await server.kill();
    await folder.remove();
  });

  // The same events without a destination first: what is left of the difference is the backlog.
  await feed(server, 'before');
  await processed(server, count);
  const before = await settledMemory(server);
  await addWebhook(server, [`http://127.0.0.1:${port}/hook`]);
  await feed(server, 'behind');
  await processed(server, 2 * count);
  const behind = await settledMemory(server);
  t.diagnostic(`RSS ${Math.round(before)} MB before, ${Math.round(behind)} MB with the backlog`);
  assert(behind - before < 100, `grew by ${behind - before} MB`);

  const webhook = await startCountingWebhook({ port });
  t.after(webhook.stop);
  const begun = performance.now();
  await eventually('the backlog is delivered', async () => (await webhook.count()) >= count, {
    within: 90_000 + count,
    every: 250,
  });
  const seconds = (performance.now() - begun) / 1_000;
  t.diagnostic(`delivered in ${seconds.toFixed(1)} s: ${Math.round(count / seconds)} a second`);
  assert.equal(await webhook.count(), count, 'each event once');
});

async function feed(server: Server, prefix: string): Promise<void> {
  let sent = 0;
  const lane = async () => {
    while (sent < count) {
      const from = sent;
      sent += batch;
      const items = Array.from({ length: Math.min(batch, count - from) }, (_, index) => ({
        type: 'track',
        event: 'Waited',
        messageId: `${prefix}-${from + index}`,
        userId: `user-${(from + index) % 10_000}`,
        properties: {
          note: 'of ordinary size, so that a million of them are some hundred megabytes',
        },
      }));
      const answer = await track(server, '/v1/batch', { batch: items });
      assert.equal(answer.status, 200, await answer.text());
    }
  };
  await Promise.all([lane(), lane(), lane()]);
}

/** Waits until process has written `total` events. */
async function processed(server: Server, total: number): Promise<void> {
  await eventually(
    `${total} events are processed`,
    async () => sumOf(await readMetrics(server), 'tributary_process_events_total') >= total,
    { within: 60_000 + count / 10, every: 250 },
  );
}

/** The least RSS of the tree over some seconds, MB: garbage that is just waiting to be collected is not kept. */
async function settledMemory(server: Server): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 16; look++) {
    await sleep(500);
    least = Math.min(least, memoryOf(server.tree().map(({ pid }) => pid)).rss);
  }
  return least;
}
