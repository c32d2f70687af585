import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { bodyOf, loopbackServer } from '../../src/core/testing/loopback-server.ts';
import { addLibraryDestination } from '../rig/add-library-destination.ts';
import { api } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import { startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

test("an action of Segment's library delivers what its trigger takes, as its mapping says", async (t) => {
  const folder = await tempFolder('library');
  const receiver = await startReceiver();
  const server = await startServer({ folder: folder.path });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  const mapping = {
    url: receiver.url,
    method: 'POST',
    data: { who: { '@path': '$.userId' }, what: { '@template': '{{event}}!' } },
  };
  await addLibraryDestination(server, {
    slug: 'actions-webhook',
    action: 'send',
    trigger: 'type = "track" and event = "Bought"',
    mapping,
  });
  await track(server, '/v1/track', { userId: 'u1', event: 'Looked' });
  await track(server, '/v1/track', { userId: 'u1', event: 'Bought' });
  const taken = await receiver.waitFor('one delivery', (all) => all.length > 0);
  assert.deepEqual(
    taken.map(({ path, event }) => ({ path, event })),
    [{ path: '/hook', event: { who: 'u1', what: 'Bought!' } }],
  );
  assert.match(String(taken[0]?.headers['user-agent']), /^Tributary\//);
});

test('an action that takes batches gets them; an event it refuses is a discard, alone', async (t) => {
  const folder = await tempFolder('library');
  const vendor = await loopbackServer(async (request, response) => {
    const body = JSON.parse(await bodyOf(request));
    const events: JsonObject[] = Array.isArray(body) ? body : [body];
    const isRefused = events.some(({ what }) => what === 'bad');
    if (!isRefused) taken.push(...events.map(({ who }) => String(who)));
    sizes.push(events.length);
    response.statusCode = isRefused ? 400 : 200;
    response.end('{}');
  });
  const taken: string[] = [];
  const sizes: number[] = [];
  const server = await startServer({ folder: folder.path });
  t.after(async () => {
    await server.kill();
    await vendor.close();
    await folder.remove();
  });
  await addLibraryDestination(server, {
    slug: 'actions-webhook',
    action: 'send',
    trigger: 'type = "track"',
    mapping: {
      url: vendor.url,
      method: 'POST',
      batch_size: 100,
      data: { who: { '@path': '$.userId' }, what: { '@path': '$.event' } },
    },
  });
  const batch = Array.from({ length: 40 }, (_, index) => ({
    ...{ type: 'track', userId: `u${index % 10}-${index}` },
    event: index === 17 ? 'bad' : 'good',
  }));
  await track(server, '/v1/batch', { batch });
  await eventually('39 are taken', () => taken.length === 39);
  assert(!taken.includes('u7-17'));
  assert(Math.max(...sizes) >= 20, `batches of ${sizes.join(', ')}`);
  const discards = await eventually('the refused one is a discard', async () => {
    const answer = await api(server, 'GET', '/discards?pagination[count]=10');
    return JSON.stringify(answer).includes('u7-17') && answer;
  });
  assert.match(JSON.stringify(discards), /message_rejected/);
});
