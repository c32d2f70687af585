/** Nodes that share a PostgreSQL: what is changed at one is in force at all. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { api, firstSource } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { basic } from '../rig/track.ts';
import { missing, serverFor } from './state-rig.ts';

const within = 30_000;

test('a write key that is made at one node is taken at every other, and refused there once it is removed', {
  skip: missing,
}, async (t) => {
  const state = await (await serverFor(t, { flushed: true })).url();
  const nodes: Server[] = [];
  const folders = await Promise.all([1, 2, 3].map((node) => tempFolder(`node-${node}`)));
  t.after(async () => {
    for (const node of nodes) await node.kill();
    for (const folder of folders) await folder.remove();
  });
  const env = { TRIBUTARY_STATE: state, TRIBUTARY_SECRET_KEY: randomBytes(32).toString('base64') };
  for (const { path } of folders) nodes.push(await startServer({ folder: path, env }));
  const [first, ...others] = nodes;
  assert(first !== undefined);
  const source = await firstSource(first);
  const writeKey = 'the-second-key';
  await api(first, 'POST', `/sources/${source}/write-keys`, { writeKey });
  const all = (status: number) =>
    Promise.all(
      others.map((node) =>
        eventually(
          `a node answers ${status}`,
          async () => (await send(node, writeKey)) === status,
          {
            within,
          },
        ),
      ),
    );
  await all(200);
  await api(first, 'DELETE', `/sources/${source}/writekey/${writeKey}`);
  await all(401);
});

async function send(node: Server, writeKey: string): Promise<number> {
  const answer = await fetch(`${node.url}/v1/track`, {
    method: 'POST',
    headers: { authorization: basic(writeKey), 'content-type': 'application/json' },
    body: '{"userId":"u","event":"E"}',
  });
  await answer.arrayBuffer();
  return answer.status;
}
