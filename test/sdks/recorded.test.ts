import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { assertDelivery } from '../e2e/assert-delivery.ts';
import { startStand } from '../e2e/stand.ts';
import { allRecorded, eventsOf, replay } from './recorded.ts';

/** What the server writes into an event, or takes out of it (spec tracking-api §7). */
const ours = [
  'timestamp',
  'originalTimestamp',
  'receivedAt',
  'sentAt',
  'version',
  'projectId',
] as const;

describe('requests of SDKs that cannot run here', { concurrency: 4 }, () => {
  const all = allRecorded();
  test('each says what it was made from', () => {
    assert(all.length >= 12);
    for (const { made } of all) assert.match(made, /not recorded/i);
  });

  for (const recorded of all) {
    const { address, request, sdk } = recorded;
    const form = `${request.gzip ? 'gzip' : 'plain'}${request.chunked ? ', in chunks' : ''}`;
    test(`${sdk}: ${request.path}, ${form}: taken, and delivered once, in order, as it was sent`, async (t) => {
      const { server, receiver } = await startStand(t);
      const answer = await replay(recorded, server);
      assert.deepEqual(answer, { status: 200, body: { success: true } });
      assert.equal((await replay(recorded, server)).status, 200, 'sent again');
      const events = eventsOf(recorded);
      const taken = await receiver.waitFor('all', (list) => list.length >= events.length);
      for (const [index, event] of events.entries()) {
        const delivery = taken[index];
        assertDelivery(delivery, { type: event['type'] });
        const { ip, ...context } = Object(delivery?.event['context']);
        assert.equal(ip, address ? '127.0.0.1' : undefined);
        const sent = { ...traitsOf(event), ...event, integrations: event['integrations'] ?? {} };
        assert.deepEqual(without({ ...delivery?.event, context }), without(sent));
      }
    });
  }
});

/** What an identify gets that brings its traits in the context alone. */
function traitsOf({ context, type }: JsonObject): JsonObject {
  const traits = type === 'identify' && isJsonObject(context) ? context['traits'] : undefined;
  return isJsonObject(traits) ? { traits } : {};
}

function without(event: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(event).filter(([key]) => !ours.some((own) => own === key)),
  );
}
