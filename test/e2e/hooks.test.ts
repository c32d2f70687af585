import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { addWebhook } from '../rig/api.ts';
import { freePort } from '../rig/free-port.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import type { Server } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';
import { startStand } from './stand.ts';

const events = Array.from({ length: 100 }, (_, index) => `Step ${index}`);

test('of several hooks a dead one delays itself alone, and gets everything in order once it is there', async (t) => {
  const { server } = await startStand(t);
  const healthy = await hook(t);
  const failing = await hook(t);
  failing.answer = () => 503;
  const deadPort = await freePort();
  await addWebhook(server, [healthy.url, failing.url, `http://127.0.0.1:${deadPort}/hook`]);
  await sendAll(server);

  assertInOrder(await healthy.waitFor('all at the healthy hook', hasAll));
  assert.equal(failing.taken.length, 0);
  failing.answer = () => 200;
  const dead = await hook(t, deadPort);
  for (const receiver of [failing, dead]) {
    // Retries are up to seconds apart, probes of an open circuit too.
    assertInOrder(await receiver.waitFor('all at the others', hasAll, 60_000));
  }
  assert.equal(healthy.taken.length, events.length, 'nothing is repeated to the healthy one');
});

test('with anyUrl one hook that takes an event is enough, whatever the others do', async (t) => {
  const { server } = await startStand(t);
  const healthy = await hook(t);
  const failing = await hook(t);
  failing.answer = () => 503;
  const deadUrl = `http://127.0.0.1:${await freePort()}/hook`;
  await addWebhook(server, [failing.url, deadUrl, healthy.url], { anyUrl: true });
  await sendAll(server);

  assertInOrder(await healthy.waitFor('all at the healthy hook', hasAll));
  assert.equal(failing.refused.length, events.length, 'each was tried once, none repeated');
});

async function hook(t: TestContext, port?: number): Promise<Receiver> {
  const receiver = await startReceiver(port);
  t.after(receiver.close);
  return receiver;
}

/** Ten users, ten events each, sent one batch after the other. */
async function sendAll(server: Server): Promise<void> {
  for (let from = 0; from < events.length; from += 10) {
    const batch = events
      .slice(from, from + 10)
      .map((event, user) => ({ type: 'track', event, userId: `user-${user}` }));
    assert.equal((await track(server, '/v1/batch', { batch })).status, 200);
  }
}

const hasAll: Parameters<Receiver['waitFor']>[1] = (taken) => taken.length >= events.length;

/** Everything once, and that of each user in the order it was sent. */
function assertInOrder(taken: Receiver['taken']): void {
  assert.deepEqual(valuesAt(taken, 'event').sort(), events.toSorted());
  for (let user = 0; user < 10; user++) {
    const own = taken.filter(({ event }) => event['userId'] === `user-${user}`);
    assert.deepEqual(
      valuesAt(own, 'event'),
      events.filter((_, index) => index % 10 === user),
    );
  }
}
