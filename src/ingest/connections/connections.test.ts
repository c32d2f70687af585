import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import type { LogWriter } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { makeCertificate } from '../../core/testing/certificate.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import type { IngestDeps } from '../create-ingest.ts';
import { beforeControl } from '../testing/before-control.ts';
import { lastBody, statuses, wire } from '../testing/exchange.ts';
import { basic, type IngestRig, startIngest } from '../testing/ingest-rig.ts';
import { type RawClient, rawClient } from '../testing/raw-client.ts';

const total = 16;
const connections = { total, perAddress: 0 };
const body = '{"userId":"u","event":"E","messageId":"m"}';
const head = `POST /v1/track HTTP/1.1\r\nHost: h\r\nAuthorization: ${basic}\r\n`;
const request = `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
const half = `${head}Content-Length: 100\r\n\r\n{`;

async function start(test: TestContext, deps: Partial<IngestDeps> = {}): Promise<IngestRig> {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  return startIngest(test, engine, { connections, ...deps });
}

/** The same with a log that flushes when it is told to. */
async function startHolding(test: TestContext) {
  const memory = await openMemoryLogEngine({ clock: new ManualClock() });
  const { writer } = await memory.openWriter('accepted', 0);
  let appended = 0;
  let flush: () => void = () => undefined;
  const flushed = new Promise<void>((resolve) => {
    flush = resolve;
  });
  const held: LogWriter = {
    end: 0,
    mark: 0,
    append: async (entries) => {
      await flushed;
      appended += entries.length;
      return writer.append(entries);
    },
    close: () => writer.close(),
  };
  return { rig: await start(test, { writers: [held] }), flush, appended: () => appended };
}

interface Pair {
  readonly client: RawClient;
  /** The server's side. */
  readonly accepted: Socket;
}

/** Connections in the order in which the server has accepted them; each client sends, and that is read. */
async function open(rig: IngestRig, count: number, sent = ''): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let number = 0; number < count; number++) {
    const connected = once(rig.ingest.server, 'connection');
    const seen = sent === '' ? connected : once(rig.ingest.server, 'request');
    const client = await rawClient(rig.port);
    client.socket.write(sent);
    await seen;
    const [accepted] = await connected;
    pairs.push({ client, accepted });
  }
  return pairs;
}

async function metric(rig: IngestRig, sample: string): Promise<number> {
  const text = await rig.registry.metrics();
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return Number(line?.slice(sample.length + 1) ?? Number.NaN);
}

const closings = (reason: string) =>
  `tributary_ingest_connections_closed_total{reason="${reason}"}`;
const refusals = (bound: string) => `tributary_ingest_connections_refused_total{bound="${bound}"}`;

/** Resolves when the server has seen so many requests. */
function seen(rig: IngestRig, count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    rig.ingest.server.on('request', () => {
      left--;
      if (left === 0) resolve();
    });
  });
}

/** Resolves when a connection has ended, whichever way. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

const closing = request.replace('\r\n', '\r\nConnection: close\r\n');
const send = async (rig: IngestRig) => statuses(await wire(rig.port, closing));

test('an address has so many connections and no more; whoever is refused is told, and other addresses get in', async (t) => {
  const rig = await start(t, { connections: { total: 100, perAddress: 3 } });
  const [first] = await open(rig, 3);
  assert.ok(first);
  const refused = await wire(rig.port, request);
  assert.deepEqual(statuses(refused), [503]);
  assert.equal(lastBody(refused)['code'], 'too_many_connections');
  assert.match(refused, /\r\nRetry-After: 5\r\n/);
  assert.match(refused, /\r\nConnection: close\r\n/);
  const other = await rawClient(rig.port, { localAddress: '127.0.0.2' });
  other.socket.write(request);
  await other.answered(1);
  assert.deepEqual(statuses(other.text()), [200]);
  assert.equal(await metric(rig, refusals('address')), 1);
  const requests = 'tributary_ingest_requests_total{code="too_many_connections"}';
  assert.equal(await metric(rig, requests), 1);
  assert.equal(await metric(rig, 'tributary_ingest_connections'), 4);

  first.client.socket.destroy();
  await once(first.accepted, 'close');
  assert.deepEqual(await send(rig), [200]);
});

test('behind a trusted proxy stand many clients: its address is not bounded', async (t) => {
  const clients = { trustedProxies: ['127.0.0.1'] };
  const rig = await start(t, { clients, connections: { total: 100, perAddress: 1 } });
  await open(rig, 3);
  assert.deepEqual(await send(rig), [200]);
});

test('when all connections are taken, the oldest that never had an answer makes room', async (t) => {
  const rig = await start(t);
  const [served] = await open(rig, 1, request);
  await served?.client.answered(1);
  const [oldest, ...others] = await open(rig, total - 1);
  assert.deepEqual(await send(rig), [200]);
  await oldest?.client.closed;
  assert.equal(await metric(rig, closings('stranger')), 1);
  for (const { client } of others) client.socket.write(closing);
  await Promise.all(others.map(({ client }) => client.closed));
  assert.ok(others.every(({ client }) => statuses(client.text())[0] === 200));
  served?.client.socket.write(request);
  await served?.client.answered(2);
});

test('of those merely kept open the one that has been idle longest makes room, and none that was just answered', async (t) => {
  const rig = await start(t);
  const pairs = await open(rig, total, request);
  await Promise.all(pairs.map(({ client }) => client.answered(1)));
  rig.clock.advance(limits.slowCheckMs);
  assert.deepEqual(await send(rig), [503], 'all have had an answer a moment ago');
  const [first, second] = pairs;
  first?.client.socket.write(request);
  await first?.client.answered(2);
  rig.clock.advance(limits.slowMs);
  assert.deepEqual(await send(rig), [200]);
  await second?.client.closed;
  assert.equal(await metric(rig, closings('kept')), 1);
  first?.client.socket.write(request);
  await first?.client.answered(3);
});

test('a request that has arrived is never broken off: a new connection is refused instead', async (t) => {
  const { rig, flush, appended } = await startHolding(t);
  const pairs = await open(rig, total, request);
  assert.deepEqual(await send(rig), [503]);
  assert.equal(await metric(rig, refusals('total')), 1);
  // It stays so however long the log takes.
  rig.clock.advance(10 * limits.unreadMs);
  assert.deepEqual(await send(rig), [503]);
  flush();
  await Promise.all(pairs.map(({ client }) => client.answered(1)));
  assert.ok(pairs.every(({ client }) => statuses(client.text())[0] === 200));
  rig.clock.advance(2 * limits.slowMs);
  assert.deepEqual(await send(rig), [200]);
  assert.equal(appended(), total + 1);
});

test('clients that drip their bodies make room once that has taken long, and not before', async (t) => {
  const rig = await start(t);
  const [oldest] = await open(rig, total, half);
  rig.clock.advance(limits.slowCheckMs);
  assert.deepEqual(await send(rig), [503]);
  rig.clock.advance(limits.slowMs);
  assert.deepEqual(await send(rig), [200]);
  await oldest?.client.closed;
  assert.equal(await metric(rig, closings('slow')), 1);
});

test('an event stream is not taken for an idle connection', async (t) => {
  const rig = await beforeControl(t, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: 1\n\n');
  });
  const [stream] = await open(rig, 1, 'GET /tail HTTP/1.1\r\nHost: h\r\n\r\n');
  await stream?.client.answered(1);
  const kept = await open(rig, total - 1, request);
  await Promise.all(kept.map(({ client }) => client.answered(1)));
  rig.clock.advance(3 * limits.slowMs);
  for (let turn = 0; turn < total; turn++) assert.deepEqual(await send(rig), [200]);
  assert.equal(stream?.accepted.destroyed, false);
});

test('a client that reads nothing of its answer for two minutes is cut off; one that reads slowly is not', async (t) => {
  const rig = await beforeControl(t, (_, response) => response.end(Buffer.alloc(64_000_000)), {
    connections,
  });
  const pairs = await open(rig, 2, 'GET /large HTTP/1.1\r\nHost: h\r\n\r\n');
  const [silent, slow] = pairs;
  assert.ok(silent && slow);
  for (const { client } of pairs) {
    await client.answered(1);
    client.socket.pause();
  }
  const cut = once(silent.accepted, 'close');
  while (!silent.accepted.destroyed) {
    const drained = once(slow.accepted, 'drain');
    slow.client.socket.resume();
    await drained;
    slow.client.socket.pause();
    rig.clock.advance(limits.unreadMs / 4);
  }
  await cut;
  assert.equal(slow.accepted.destroyed, false);
  assert.equal(await metric(rig, closings('unread')), 1);
  slow.client.socket.destroy();
});

test('requests behind one another on a connection are refused in their order beyond a bound, and the rest is kept', async (t) => {
  const { rig, flush, appended } = await startHolding(t);
  const client = await rawClient(rig.port);
  const taken = 1 + limits.pipelined;
  const all = seen(rig, taken + 5);
  client.socket.write(request.repeat(taken + 5));
  await all;
  flush();
  await client.answered(taken + 5);
  const expected = [...Array(taken).fill(200), ...Array(5).fill(503)];
  assert.deepEqual(statuses(client.text()), expected);
  assert.equal(lastBody(client.text())['code'], 'overloaded');
  assert.equal(appended(), taken);
  assert.equal(await metric(rig, 'tributary_ingest_requests_total{code="overloaded"}'), 5);
  // Answered, they count no longer.
  client.socket.write(request.repeat(taken));
  await client.answered(2 * taken + 5);
  assert.deepEqual(statuses(client.text()).slice(-taken), Array(taken).fill(200));
  client.socket.destroy();
});

test('a connection on which requests pile up regardless is cut', async (t) => {
  const { rig, flush } = await startHolding(t);
  const client = await rawClient(rig.port);
  client.socket.write(request.repeat(2 * limits.pipelined + 2));
  await client.closed;
  assert.equal(await metric(rig, closings('pipeline')), 1);
  flush();
  assert.deepEqual(await send(rig), [200]);
});

test('the control plane is asked for so many things at once; what is beyond is refused', async (t) => {
  const held: ServerResponse[] = [];
  const more = { connections: { total: 100, perAddress: 0 } };
  const rig = await beforeControl(t, (_, response) => held.push(response), more);
  const ask = 'GET /api HTTP/1.1\r\nHost: h\r\n\r\n';
  const perConnection = 1 + limits.pipelined;
  const count = Math.floor(limits.forwarded / perConnection);
  await open(rig, count, ask.repeat(perConnection));
  await open(rig, 1, ask.repeat(limits.forwarded - count * perConnection));
  const [over] = await open(rig, 1, ask);
  await over?.client.answered(1);
  assert.deepEqual(statuses(over?.client.text() ?? ''), [503]);
  assert.equal(lastBody(over?.client.text() ?? '')['code'], 'overloaded');
  assert.equal(await metric(rig, 'tributary_ingest_requests_total{code="overloaded"}'), 1);
  assert.deepEqual(await send(rig), [200]);
});

test('under TLS the bounds are the same', async (t) => {
  const tls = makeCertificate();
  const rig = await start(t, { tls, connections: { total, perAddress: 3 } });
  const secure = () => {
    const socket = connectTls({
      port: rig.port,
      host: '127.0.0.1',
      ca: tls.cert,
      servername: 'localhost',
    });
    socket.on('error', () => undefined);
    return socket;
  };
  const [first, second] = [secure(), secure()];
  await Promise.all([once(first, 'secureConnect'), once(second, 'secureConnect')]);
  const silent = await rawClient(rig.port);
  await closed(secure());
  assert.equal(await metric(rig, refusals('address')), 1);
  first.write(request);
  const [answer] = await once(first, 'data');
  assert.deepEqual(statuses(String(answer)), [200]);
  silent.socket.destroy();
});

test('under TLS, too, strangers make room first, then who was answered least', async (t) => {
  const tls = makeCertificate();
  const rig = await start(t, { tls });
  const secure = async (sent: string) => {
    const options = { port: rig.port, host: '127.0.0.1', ca: tls.cert, servername: 'localhost' };
    const socket = connectTls(options);
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    if (sent !== '') {
      socket.write(sent);
      await once(socket, 'data');
    }
    return socket;
  };
  const served = await secure(request);
  const silent: Socket[] = [];
  while (silent.length < total - 1) silent.push(await secure(''));
  const [oldest] = silent;
  assert.ok(oldest);
  const cut = closed(oldest);
  await secure(request);
  await cut;
  served.write(request);
  await once(served, 'data');
  assert.equal(await metric(rig, closings('stranger')), 1);
});
