import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { testWriteKey } from '../rig/server.ts';
import { basic, track } from '../rig/track.ts';
import { startStand } from './stand.ts';

/** A change takes effect in the data plane within a second, without a restart. */
const aSecond = { within: 1_000, every: 10 };

const event = { userId: 'u', event: 'E' };

test('a new destination gets the events that come after it was made', async (t) => {
  const { server, receiver } = await startStand(t);
  const second = await startReceiver();
  t.after(second.close);
  await track(server, '/v1/track', { ...event, event: 'Before' });
  await receiver.waitFor('the first', (all) => all.length >= 1);
  await addWebhook(server, [second.url]);
  await track(server, '/v1/track', { ...event, event: 'After' });
  const [delivery] = await second.waitFor('the second', (all) => all.length >= 1, 1_000);
  assert.equal(delivery?.event['event'], 'After');
});

test('a destination that is disabled gets nothing more', async (t) => {
  const { server, receiver } = await startStand(t);
  const second = await startReceiver();
  t.after(second.close);
  const id = await addWebhook(server, [second.url]);
  await track(server, '/v1/track', { ...event, event: 'One' });
  await second.waitFor('the first', (all) => all.length >= 1);
  await api(server, 'PATCH', `/destinations/${id}`, { enabled: false });
  let sent = 0;
  await eventually(
    'an event reaches the first destination alone',
    async () => {
      await track(server, '/v1/track', { ...event, event: `Probe ${++sent}` });
      const has = (all: typeof second.taken) =>
        all.some((one) => one.event['event'] === `Probe ${sent}`);
      await receiver.waitFor('the probe', has);
      return !has(second.taken);
    },
    aSecond,
  );
});

test('a source that is disabled takes nothing more: events are answered 200 and recorded as discards', async (t) => {
  const { server } = await startStand(t);
  const source = await firstSource(server);
  await api(server, 'PATCH', `/sources/${source}`, { enabled: false });
  await eventually(
    'an event becomes a discard',
    async () => {
      assert.equal((await track(server, '/v1/track', event)).status, 200);
      const answer = await api(server, 'GET', `/discards?code=source_disabled&sourceId=${source}`);
      const discards = valueAt(answer, 'data.discards');
      return Array.isArray(discards) && discards.length > 0;
    },
    aSecond,
  );
});

test('a new write key works, and a removed one does not', async (t) => {
  const { server } = await startStand(t);
  const source = await firstSource(server);
  const answer = await api(server, 'POST', `/sources/${source}/writekey`);
  const keys = valueAt(answer, 'data.source.writeKeys');
  assert(Array.isArray(keys), JSON.stringify(answer));
  const key = String(keys.find((one) => one !== testWriteKey));
  const statusWith = async (writeKey: string) =>
    (await track(server, '/v1/track', event, { authorization: basic(writeKey) })).status;
  await eventually('the new key is known', async () => (await statusWith(key)) === 200, aSecond);
  assert.equal(await statusWith(testWriteKey), 200, 'both work during the rotation');
  await api(server, 'DELETE', `/sources/${source}/writekey/${testWriteKey}`);
  const refused = async () => (await statusWith(testWriteKey)) === 401;
  await eventually('the old key is refused', refused, aSecond);
  assert.equal(await statusWith(key), 200);
});
