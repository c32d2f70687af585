/** Several nodes that share an archive: a partition's owner writes it, and the next owner goes on. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { systemClock } from '../../src/core/clock.ts';
import { openObjectStore } from '../../src/storage/open-object-store.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { startKafka } from '../rig/kafka.ts';
import { startPostgres } from '../rig/postgres.ts';
import type { Server } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';
import { type Node, startNode } from './nodes.ts';

const long = { within: 120_000, every: 500 };
const visitors = 24;

/** A batch is sent again until it is acknowledged. */
async function send(server: Server, from: number, count: number): Promise<void> {
  const batch = Array.from({ length: count }, (_, at) => ({
    type: 'track',
    event: 'E',
    anonymousId: `visitor-${(from + at) % visitors}`,
    messageId: `m${from + at}`,
  }));
  await eventually(
    'a batch is taken',
    async () => (await track(server, '/v1/batch', { batch })).status === 200,
    long,
  );
}

test('nodes that come and go archive every event once', async (t) => {
  const folder = await tempFolder('cluster-archive');
  t.after(() => folder.remove());
  const kafka = await startKafka();
  t.after(() => kafka.stop());
  const postgres = await startPostgres();
  t.after(() => postgres.remove());
  const place = `file:${join(folder.path, 'shared')}`;
  const env = {
    TRIBUTARY_LOG: kafka.url('partitions=4'),
    TRIBUTARY_STATE: await postgres.url(),
    TRIBUTARY_SECRET_KEY: 'the-secret-key-of-all-nodes-of-this-test',
    TRIBUTARY_ARCHIVE: place,
    TRIBUTARY_ARCHIVE_SECONDS: '1',
  };
  const start = async (name: string): Promise<Node> => {
    const node = await startNode({ name, folder: folder.path, env });
    t.after(() => node.kill());
    return node;
  };
  const first = await start('first');
  const second = await start('second');
  const objects = await openObjectStore(place, { clock: systemClock });
  t.after(() => objects.close());
  const archived = async () => {
    const ids: string[] = [];
    const partitions = new Set<string>();
    for await (const { key } of objects.list('')) {
      const text = gunzipSync((await objects.get(key))?.body ?? Buffer.alloc(0)).toString();
      for (const line of text.split('\n').slice(0, -1)) ids.push(JSON.parse(line).messageId);
      partitions.add(/-(\d+)-\d+\.ndjson\.gz$/.exec(key)?.[1] ?? '');
    }
    return { ids, partitions };
  };
  const all = (count: number) =>
    eventually(
      `${count} are archived`,
      async () => new Set((await archived()).ids).size >= count,
      long,
    );
  await send(first.server, 0, 200);
  await all(200);
  await first.kill();
  await send(second.server, 200, 200);
  await all(400);
  await first.start();
  await send(first.server, 400, 200);
  await second.kill();
  await send(first.server, 600, 200);
  await all(800);
  const { ids, partitions } = await archived();
  assert.equal(ids.length, 800);
  assert.deepEqual([...partitions].toSorted(), ['0', '1', '2', '3']);
  await first.stop();
  const command = startCommand(['archive', 'verify'], { ...environmentOf(first.server), ...env });
  const { code, stdout, stderr } = await command.done;
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /\t800 events\t/);
});
