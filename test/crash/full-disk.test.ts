import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { type SmallDisk, smallDisk } from '../rig/small-disk.ts';
import { type TempFolder, tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

test('while only the reserve is free, events are refused with 503 and Retry-After; what was taken is delivered, and space lets new ones in', async (t) => {
  const { server, disk, receiver } = await serverOnSmallDisk(t, '96');
  if (!server || !disk || !receiver) return;
  const taken = await sendUntilRefused(server, () => disk.fillTo(48));
  const refusal = await track(server, '/v1/track', event('refused'));
  assert.equal(refusal.status, 503);
  assert(Number(refusal.headers.get('retry-after')) >= 1);
  assert.match(await refusal.text(), /log_unavailable/);
  await arrived(receiver, taken);
  disk.free();
  await eventually('events are taken again', () => accepts(server, 'again'));
  await arrived(receiver, ['again']);
});

test('on a disk without a byte left nothing acknowledged is lost', async (t) => {
  const { server, disk, receiver } = await serverOnSmallDisk(t, '0');
  if (!server || !disk || !receiver) return;
  const taken = await sendUntilRefused(server, () => disk.fillTo(0));
  disk.free();
  await eventually('events are taken again', () => accepts(server, 'again'));
  await arrived(receiver, [...taken, 'again']);
});

test('a node with less free space than its reserve refuses events from the start and says why', async (t) => {
  const folder = await tempFolder('reserve');
  const env = { TRIBUTARY_RESERVE_MEGABYTES: '999999999' };
  const server = await startServer({ folder: folder.path, env, ready: false });
  t.after(async () => {
    await server.kill();
    await folder.remove();
  });
  const refusal = await eventually('an event is refused', async () => {
    const answer = await track(server, '/v1/track', event('one'));
    return answer.status === 503 && /log_unavailable/.test(await answer.clone().text()) && answer;
  });
  assert(Number(refusal.headers.get('retry-after')) >= 1);
  assert.equal((await fetch(`${server.url}/health`)).status, 503);
});

interface Stand {
  readonly server?: Server;
  readonly disk?: SmallDisk;
  readonly receiver?: Receiver;
}

async function serverOnSmallDisk(t: TestContext, reserveMegabytes: string): Promise<Stand> {
  const folder: TempFolder = await tempFolder('disk');
  const disk = smallDisk(folder.path, 512);
  if (!disk) {
    t.skip('needs root and loop devices: no file system can be mounted here');
    await folder.remove();
    return {};
  }
  const env = { TRIBUTARY_RESERVE_MEGABYTES: reserveMegabytes, TRIBUTARY_RATE_LIMIT: '0' };
  const server = await startServer({ folder: disk.path, env });
  const receiver = await startReceiver();
  t.after(async () => {
    await server.kill();
    await receiver.close();
    disk.unmount();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url]);
  return { server, disk, receiver };
}

/** Sends events, fills the disk on the way, goes on until one is refused; returns the ids acknowledged. */
async function sendUntilRefused(server: Server, fill: () => void): Promise<string[]> {
  const taken: string[] = [];
  for (let index = 0; index < 20_000; index++) {
    if (index === 20) fill();
    const id = `event-${index}`;
    if (await accepts(server, id)) taken.push(id);
    else if (index > 20) return taken;
    if (index > 20) await sleep(1);
  }
  throw new Error('a full disk took 20,000 events');
}

async function accepts(server: Server, id: string): Promise<boolean> {
  const answer = await track(server, '/v1/track', event(id));
  await answer.arrayBuffer();
  assert([200, 503].includes(answer.status), `answered ${answer.status}`);
  return answer.status === 200;
}

function event(id: string): object {
  const note = 'x'.repeat(16_000);
  return { messageId: id, userId: id, event: 'Filled', properties: { note } };
}

async function arrived(receiver: Receiver, ids: readonly string[]): Promise<void> {
  const has = () => new Set(receiver.taken.map(({ event: { messageId } }) => messageId));
  await receiver.waitFor(
    `${ids.length} events arrive`,
    () => {
      const seen = has();
      return ids.every((id) => seen.has(id));
    },
    60_000,
  );
}
