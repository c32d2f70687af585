/** docs/operating/disaster.md, step by step. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { addWebhook } from '../rig/api.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, type ServerOptions, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

test('after the log folder is lost, with the databases kept, new events are delivered', async (t) => {
  const stand = await startStand(t);
  await stand.send('before', 5);
  await stand.arrived('before', 5);
  const lost = /"log":"events".*the log ends before what was read of it/;
  for (const end of ['stop', 'stop', 'kill', 'kill'] as const) {
    await stand.server[end]();
    await stand.restart();
  }
  await stand.server.stop();
  assert.doesNotMatch(stand.server.log(), lost, 'no stop and no crash looks like a loss');
  rmSync(join(stand.server.folder, 'data', 'log'), { recursive: true });
  await stand.restart();
  await stand.send('after', 3);
  await stand.arrived('after', 3);
  assert.match(stand.server.log(), /"log":"events".*the log ends before what was read of it/);
});

interface Stand {
  server: Server;
  readonly receiver: Receiver;
  send(name: string, count: number): Promise<void>;
  arrived(name: string, count: number): Promise<void>;
  restart(): Promise<void>;
}

async function startStand(t: TestContext): Promise<Stand> {
  const folder = await tempFolder('disaster');
  const options: ServerOptions = { folder: folder.path };
  const receiver = await startReceiver();
  const stand: Stand = {
    server: await startServer(options),
    receiver,
    send: async (name, count) => {
      for (let at = 0; at < count; at++) {
        const event = { userId: `u${at}`, event: name, messageId: `${name}-${at}` };
        assert.equal((await track(stand.server, '/v1/track', event)).status, 200);
      }
    },
    arrived: async (name, count) => {
      const of = (id: unknown) => String(id).startsWith(`${name}-`);
      await receiver.waitFor(
        `${count} of ${name}`,
        (taken) => new Set(taken.map(({ event }) => event['messageId']).filter(of)).size === count,
        20_000,
      );
    },
    restart: async () => {
      stand.server = await startServer({ ...options, port: stand.server.port });
    },
  };
  t.after(async () => {
    await stand.server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(stand.server, [receiver.url]);
  return stand;
}
