import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { beforeControl } from './testing/before-control.ts';
import { statuses, wire } from './testing/exchange.ts';
import { startIngest } from './testing/ingest-rig.ts';

test('a path that is not ours is forwarded as it is: method, query, headers, body', async (context) => {
  const rig = await beforeControl(context, (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      response.writeHead(201, { 'X-Own': 'yes', 'Set-Cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify({ method, url, headers, body: String(Buffer.concat(chunks)) }));
    });
  });
  const answer = await rig.send({
    method: 'PATCH',
    path: '/api/sources/1?x=%20y',
    headers: { Authorization: 'Bearer t', Host: 'h:1' },
    body: ['chunk ', 'by chunk'],
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-own'], 'yes');
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
  const seen = JSON.parse(answer.text);
  assert.equal(seen.method, 'PATCH');
  assert.equal(seen.url, '/api/sources/1?x=%20y');
  assert.equal(seen.body, 'chunk by chunk');
  assert.equal(seen.headers.authorization, 'Bearer t');
  assert.equal(seen.headers.host, 'h:1');
  assert.equal(seen.headers['x-forwarded-for'], '127.0.0.1');
  for (const path of ['/', '/docs', '/v1beta/x', '/healthy']) {
    assert.equal((await rig.send({ method: 'GET', path })).status, 201, path);
  }
});

test('an event stream passes piece by piece, and ends on the other side when the client leaves', async (context) => {
  let left: () => void = () => undefined;
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  const rig = await beforeControl(context, (_incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: 1\n\n');
    response.on('close', left);
  });
  const client = request({ port: rig.port, path: '/api/tail', agent: false }).end();
  client.on('error', () => undefined);
  const [answer]: IncomingMessage[] = await once(client, 'response');
  assert.ok(answer);
  const [first] = await once(answer, 'data');
  assert.equal(String(first), 'data: 1\n\n');
  answer.on('error', () => undefined);
  client.destroy();
  await hasLeft;
});

test('an open event stream does not hold up the stop', async (context) => {
  const rig = await beforeControl(context, (_incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: 1\n\n');
  });
  const client = request({ port: rig.port, path: '/api/tail', agent: false }).end();
  client.on('error', () => undefined);
  const [answer]: IncomingMessage[] = await once(client, 'response');
  answer?.on('error', () => undefined);
  await rig.ingest.close();
});

test('while the control plane is down the answer is 503, and ingest goes on', async (context) => {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  const rig = await startIngest(context, engine);
  const answer = await rig.send({ method: 'GET', path: '/api/sources' });
  assert.equal(answer.status, 503);
  assert.equal(answer.headers['retry-after'], '1');
  assert.equal(answer.json['code'], 'unavailable');
  assert.equal((await rig.post('/v1/track', { userId: 'u', event: 'E' })).status, 200);
});

test('a control plane that breaks an exchange off before its answer is 502', async (context) => {
  const rig = await beforeControl(context, (incoming) => incoming.socket.destroy());
  const answer = await rig.send({ method: 'POST', path: '/api/sources', body: '{}' });
  assert.equal(answer.status, 502);
  assert.equal(answer.json['success'], false);
});

test('a body that the control plane does not read to its end is read all the same, so that the connection lives on', async (context) => {
  const rig = await beforeControl(context, (incoming, response) => {
    // A listener that never reads: node then does not read for it either.
    incoming.on('readable', () => undefined);
    response.writeHead(400, { 'Content-Length': 0 }).end();
  });
  const size = 3_000_000;
  const socket = connect(rig.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
    if (statuses(text).length === 2) socket.end();
  });
  socket.write(`POST /api/x HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`);
  socket.write('x'.repeat(size));
  socket.write('GET /health HTTP/1.1\r\nHost: h\r\n\r\n');
  await once(socket, 'close');
  assert.deepEqual(statuses(text), [400, 200]);
});

test('what a client says of its connection and its trailers is not passed on', async (context) => {
  const rig = await beforeControl(context, (incoming, response) => {
    response.end(JSON.stringify(incoming.headers));
  });
  const hop = 'TE: trailers\r\nTrailer: X-Sum\r\nKeep-Alive: timeout=9\r\nConnection: close\r\n';
  const answer = await wire(rig.port, `GET /api HTTP/1.1\r\nHost: h\r\n${hop}\r\n`);
  assert.deepEqual(statuses(answer), [200]);
  assert.doesNotMatch(answer, /"(te|trailer|keep-alive)":/);
});

test('connections to the control plane are used again', async (context) => {
  const sockets = new Set<unknown>();
  const rig = await beforeControl(context, (incoming, response) => {
    sockets.add(incoming.socket);
    response.end('ok');
  });
  for (let count = 0; count < 5; count++) await rig.send({ method: 'GET', path: '/' });
  assert.equal(sockets.size, 1);
});
