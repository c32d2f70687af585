import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../rig/eventually.ts';
import { readMetrics, sumOf } from '../rig/metrics.ts';
import { track } from '../rig/track.ts';
import { startStand } from './stand.ts';

test('`/metrics` counts every stage: accepted, rejected, discarded, processed, retried and delivered, with histograms of acks and flushes', async (t) => {
  const { server, receiver } = await startStand(t);
  let refusals = 2;
  receiver.answer = () => (refusals-- > 0 ? 503 : 200);
  const good = { type: 'track', userId: 'u', event: 'E', messageId: 'm' };
  await track(server, '/v1/track', { userId: 'u' });
  await track(server, '/v1/batch', { batch: [good, good, { type: 'track', userId: 'u' }] });
  await receiver.waitFor('the delivery', (all) => all.length >= 1);

  const expected = {
    tributary_ingest_requests_total: 2,
    tributary_ingest_events_accepted_total: 2,
    tributary_process_events_total: 1,
    tributary_process_duplicates_total: 1,
    tributary_deliver_retried_total: 2,
    tributary_deliver_delivered_total: 1,
    tributary_deliver_lag_events: 0,
  };
  const samples = await eventually('the counters say so', async () => {
    const found = await readMetrics(server);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(sumOf(found, name), value, name);
    }
    return found;
  });
  assert(sumOf(samples, 'tributary_ingest_ack_seconds_count') >= 1);
  assert(sumOf(samples, 'tributary_log_flush_seconds_count') >= 3);
  const codes = samples.filter(({ name }) => name === 'tributary_discards_total');
  assert(codes.some(({ labels }) => labels['code'] === 'event_not_defined'));
});
