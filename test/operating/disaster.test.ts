/** docs/operating/disaster.md on one node. A full disk and a damaged log are in test/crash and beside the file log. */
import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { addWebhook } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { readMetrics } from '../rig/metrics.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, type ServerOptions, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

const lost = /"log":"events".*the log ends before what was read of it/;

test('after the log folder is lost, with the databases kept, new events are delivered', async (t) => {
  const stand = await startStand(t);
  await stand.send('before', 5);
  await stand.arrived('before', 5);
  for (const end of ['stop', 'stop', 'kill', 'kill'] as const) {
    await stand.server[end]();
    await stand.restart();
  }
  await stand.server.stop();
  assert.doesNotMatch(stand.server.log(), lost, 'no stop and no crash looks like a loss');
  rmSync(join(stand.data, 'log'), { recursive: true });
  await stand.restart();
  await stand.send('after', 3);
  await stand.arrived('after', 3);
  assert.match(stand.server.log(), lost);
});

test('what waited for another attempt when the log was lost is counted as expired', async (t) => {
  const stand = await startStand(t);
  stand.receiver.answer = () => 503;
  await stand.send('waiting', 4);
  await eventually('all have failed once', () => stand.receiver.refused.length >= 4);
  await stand.server.stop();
  rmSync(join(stand.data, 'log'), { recursive: true });
  stand.receiver.answer = () => 200;
  await stand.restart();
  await eventually('they are counted', async () => (await expired(stand.server)) === 4);
  await stand.send('after', 3);
  await stand.arrived('after', 3);
});

test('with the cursors lost, what is kept is delivered again', async (t) => {
  const stand = await startStand(t);
  await stand.send('before', 5);
  await stand.arrived('before', 5);
  await stand.server.stop();
  for (const end of ['', '-wal', '-shm']) {
    rmSync(join(stand.data, `work.db${end}`), { force: true });
  }
  const taken = stand.receiver.taken.length;
  await stand.restart();
  await stand.receiver.waitFor('again', (all) => all.length === taken + 5);
  await stand.send('after', 3);
  await stand.arrived('after', 3);
});

test('a node without its secret key refuses to start, says why, and starts with it', async (t) => {
  const stand = await startStand(t);
  await stand.server.stop();
  const [key, away] = [join(stand.data, 'secret-key'), join(stand.data, 'away')];
  renameSync(key, away);
  const refused = await stand.tryStart();
  assert.notEqual((await refused.exited).code, 0);
  assert.match(refused.log(), /The secrets in the state store are sealed with another key/);
  await refused.kill();
  renameSync(away, key);
  await stand.restart();
  await stand.send('after', 3);
  await stand.arrived('after', 3);
});

async function expired(server: Server): Promise<number> {
  const samples = await readMetrics(server);
  return samples
    .filter(
      ({ name, labels }) => name === 'tributary_discards_total' && labels['code'] === 'expired',
    )
    .reduce((sum, { value }) => sum + value, 0);
}

interface Stand {
  readonly server: Server;
  readonly receiver: Receiver;
  readonly data: string;
  send(name: string, count: number): Promise<void>;
  arrived(name: string, count: number): Promise<void>;
  restart(): Promise<void>;
  tryStart(): Promise<Server>;
}

async function startStand(t: TestContext): Promise<Stand> {
  const folder = await tempFolder('disaster');
  const receiver = await startReceiver();
  let server = await startServer({ folder: folder.path });
  const options: ServerOptions = { folder: folder.path, port: server.port };
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url]);
  return {
    get server() {
      return server;
    },
    receiver,
    data: join(folder.path, 'data'),
    send: async (name, count) => {
      for (let at = 0; at < count; at++) {
        const event = { userId: `u${at}`, event: name, messageId: `${name}-${at}` };
        assert.equal((await track(server, '/v1/track', event)).status, 200);
      }
    },
    arrived: async (name, count) => {
      const isOf = (id: unknown) => String(id).startsWith(`${name}-`);
      await receiver.waitFor(
        `${count} of ${name}`,
        (taken) =>
          new Set(taken.map(({ event }) => event['messageId']).filter(isOf)).size === count,
      );
    },
    restart: async () => {
      server = await startServer(options);
    },
    tryStart: () => startServer({ ...options, ready: false }),
  };
}
