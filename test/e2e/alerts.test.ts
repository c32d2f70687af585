import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSource } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { readMetrics } from '../rig/metrics.ts';
import { startReceiver } from '../rig/receiver.ts';
import { startStand } from './stand.ts';

test('a source that sends too little is told to a webhook and the log, once', async (t) => {
  const { server } = await startStand(t);
  const pager = await startReceiver();
  t.after(() => pager.close());
  const env = environmentOf(server);
  const create = ['alerts', 'create', 'quiet', '--metric', 'volume', '--below', '1'];
  const to = ['--source', await firstSource(server), '--webhook', pager.url];
  const made = await startCommand([...create, ...to], env).done;
  assert.equal(made.code, 0, made.stderr);
  const { id } = JSON.parse(made.stdout);
  const [told] = await pager.waitFor('the alert', (all) => all.length > 0, 150_000);
  assert.partialDeepStrictEqual(told?.event, {
    type: 'alert.triggered',
    value: 0,
    alert: { id, name: 'quiet', metric: 'VOLUME', below: 1 },
  });
  assert.match(server.log(), /an alert is triggered/);
  const shown = await eventually(
    'the webhook is seen to have taken it',
    async () => {
      const alert = JSON.parse((await startCommand(['alerts', 'list'], env).done).stdout);
      return alert.pendingNotices === 0 && alert;
    },
    { every: 500 },
  );
  assert.partialDeepStrictEqual(shown, { id, status: 'ALERTING', lastError: null });
  const notices = (await readMetrics(server)).filter(
    ({ name, labels }) =>
      name === 'tributary_alert_notices_total' && labels['outcome'] === 'delivered',
  );
  assert.deepEqual(
    notices.map(({ value }) => value),
    [1],
  );
  assert.equal((await startCommand(['alerts', 'remove', id], env).done).code, 0);
});
