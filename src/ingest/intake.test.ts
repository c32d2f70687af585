import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { statuses } from './testing/exchange.ts';
import { basic, type IngestRig, startIngest } from './testing/ingest-rig.ts';

const event = { userId: 'u', event: 'E' };
const most = 100_000;
const head = `POST /v1/batch HTTP/1.1\r\nHost: h\r\nAuthorization: ${basic}\r\nContent-Length: 400000\r\n\r\n`;

async function start(context: TestContext): Promise<IngestRig> {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  return startIngest(context, engine, { receivingBytes: most });
}

/** A client that sends the head and a part of a body, and then nothing. */
async function stall(rig: IngestRig, bytes: number) {
  const socket = connect(rig.port, '127.0.0.1');
  const requested = once(rig.ingest.server, 'request');
  socket.write(head);
  const [request]: IncomingMessage[] = await requested;
  assert(request !== undefined);
  const arrived = new Promise<void>((resolve) => {
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size === bytes) resolve();
    });
  });
  socket.write('x'.repeat(bytes));
  await arrived;
  return { socket, request };
}

test('half-received bodies hold no more than their bound: what is beyond is answered 503', async (context) => {
  const rig = await start(context);
  await stall(rig, 60_000);
  const { socket } = await stall(rig, 60_000);
  const [answer] = await once(socket, 'data');
  assert.deepEqual(statuses(String(answer)), [503]);
  assert.match(String(answer), /^Retry-After: 5/im);
});

test('a body that arrives in one piece is taken while others fill the bound', async (context) => {
  const rig = await start(context);
  await stall(rig, 60_000);
  await stall(rig, 40_000);
  assert.equal((await rig.post('/v1/track', event)).status, 200);
});

test('what a refused, a finished or a broken-off body held is free again', async (context) => {
  const rig = await start(context);
  const large = { batch: [{ type: 'track', ...event }], pad: 'x'.repeat(90_000) };
  const chunked = JSON.stringify(large).match(/.{1,20000}/g) ?? [];
  const send = () =>
    rig.send({ path: '/v1/batch', headers: { Authorization: basic }, body: chunked });
  assert.equal((await send()).status, 200);
  assert.equal((await send()).status, 200);
  const broken = await stall(rig, 60_000);
  const refused = await stall(rig, 60_000);
  await once(refused.socket, 'data');
  const closed = new Promise((resolve) => broken.request.on('close', resolve));
  broken.socket.destroy();
  await closed;
  assert.equal((await send()).status, 200);
});

test('a body is taken whole in whatever pieces it comes', async (context) => {
  const rig = await start(context);
  const text = JSON.stringify({ ...event, messageId: 'm', pad: 'äöü'.repeat(1_500) });
  const bytes = Buffer.from(text);
  for (const size of [1, 7, 1_000, 9_000]) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    for (const more of [{}, { 'Content-Length': bytes.length }]) {
      const headers = { Authorization: basic, ...more };
      const answer = await rig.send({ path: '/v1/track', headers, body: pieces });
      assert.equal(answer.status, 200);
    }
  }
  const stored = await rig.stored();
  assert.equal(stored.length, 8);
  for (const record of stored) assert.equal(record.text, text);
});
