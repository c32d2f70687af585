import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addLibraryDestination } from '../rig/add-library-destination.ts';
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
