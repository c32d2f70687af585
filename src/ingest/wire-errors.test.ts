import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { LogEngine, LogWriter } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import type { IngestDeps } from './create-ingest.ts';
import { lastBody, statuses, wire } from './testing/exchange.ts';
import { basic, type IngestRig, startIngest } from './testing/ingest-rig.ts';

const engine = (): Promise<LogEngine> => openMemoryLogEngine({ clock: new ManualClock() });
const start = async (context: TestContext, deps: Partial<IngestDeps> = {}): Promise<IngestRig> =>
  startIngest(context, await engine(), deps);

const event = '{"userId":"u","event":"E","messageId":"m"}';
const head = `POST /v1/track HTTP/1.1\r\nHost: h\r\nAuthorization: ${basic}\r\n`;
const sized = (body: string, more = '') =>
  `${head}${more}Content-Length: ${body.length}\r\n\r\n${body}`;
const closing = 'Connection: close\r\n';

test('broken requests are 400 in the shape of every other error', async (context) => {
  const rig = await start(context);
  const broken = [
    'NONSENSE\r\n\r\n',
    'POST /v1/track\r\n\r\n',
    `${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}`,
    `${head}Content-Length: x\r\n\r\n{}`,
    `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `${head}Bad Header: x\r\n\r\n`,
  ];
  for (const text of broken) {
    const answer = await wire(rig.port, text);
    assert.deepEqual(statuses(answer), [400], text);
    assert.equal(lastBody(answer)['code'], 'validation_error');
    assert.equal(lastBody(answer)['success'], false);
  }
  assert.deepEqual(await rig.stored(), []);
});

test('headers that are too large are 431', async (context) => {
  const rig = await start(context);
  const answer = await wire(rig.port, `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`);
  assert.deepEqual(statuses(answer), [431]);
  assert.equal(lastBody(answer)['code'], 'headers_too_large');
});

test('a request without Host is 400', async (context) => {
  const rig = await start(context);
  const answer = await wire(
    rig.port,
    `POST /v1/track HTTP/1.1\r\n${closing}Content-Length: 0\r\n\r\n`,
  );
  assert.deepEqual(statuses(answer), [400]);
  assert.equal(lastBody(answer)['success'], false);
});

test('a body or head that does not arrive in time is 408, and nothing is recorded', async (context) => {
  const rig = await start(context, { requestTimeoutMs: 60 });
  const slow = [`${head}Content-Length: 100\r\n\r\n{"userId"`, `${head}Content-Le`];
  for (const text of slow) {
    const answer = await wire(rig.port, text);
    assert.deepEqual(statuses(answer), [408], text);
    assert.equal(lastBody(answer)['code'], 'request_timeout');
  }
  assert.deepEqual(await rig.stored(), []);
});

test('a body shorter than it said, or broken off, is not recorded', async (context) => {
  const rig = await start(context);
  const socket = connect(rig.port, '127.0.0.1');
  socket.write(`${head}Content-Length: 500\r\n\r\n${event}`);
  const [connection] = await once(rig.ingest.server, 'connection');
  await once(connection, 'data').catch(() => undefined);
  socket.destroy();
  await once(connection, 'close');
  assert.deepEqual(await rig.stored(), []);
});

test('a body longer than it said is cut there; the rest is a broken next request', async (context) => {
  const rig = await start(context);
  const text = `${head}Content-Length: ${event.length}\r\n\r\n${event}{"more":1}\r\n\r\n`;
  const answer = await wire(rig.port, text);
  assert.equal(statuses(answer)[0], 200);
  assert.deepEqual(
    (await rig.stored()).map((record) => record.text),
    [event],
  );
});

test('pipelined requests are answered in their order', async (context) => {
  const rig = await start(context);
  const answer = await wire(rig.port, sized(event) + sized('{}') + sized(event, closing));
  assert.deepEqual(statuses(answer), [200, 400, 200]);
  assert.equal((await rig.stored()).length, 3);
});

test('whoever is answered early is not answered again when the rest never comes, also behind other requests', async (context) => {
  const rig = await start(context);
  const nowhere = 'POST /v1/nowhere HTTP/1.1\r\nHost: h\r\n';
  const unfinished = `${nowhere}Content-Length: 2\r\n\r\n{}${nowhere}Content-Length: 7\r\n\r\n}`;
  const socket = connect(rig.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
    if (statuses(text).length === 2) socket.end();
  });
  socket.write(unfinished);
  await once(socket, 'close');
  assert.deepEqual(statuses(text), [404, 404]);
});

test('an answer that waits behind a slower one is sent, too, when rubbish follows on the connection', async (context) => {
  let tell: () => void = () => undefined;
  const health = new Promise<{ ok: boolean; parts: object }>((resolve) => {
    tell = () => resolve({ ok: true, parts: {} });
  });
  const rig = await start(context, { health: async () => ({ ...(await health), parts: {} }) });
  rig.ingest.server.on('clientError', () => tell());
  const slow = 'GET /health HTTP/1.1\r\nHost: h\r\n\r\n';
  const quick = 'GET /v1/nowhere HTTP/1.1\r\nHost: h\r\n\r\n';
  const answer = await wire(rig.port, `${slow}${quick}RUBBISH\r\n\r\n`);
  assert.deepEqual(statuses(answer), [200, 404]);
});

test('a client that reads its refusal slowly gets it, one that goes on sending or never leaves is cut off', async (context) => {
  const rig = await start(context);
  const half = { host: '127.0.0.1', port: rig.port, allowHalfOpen: true };
  const socket = connect(half);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  const ended = once(socket, 'end');
  // More than the systems' buffers hold.
  socket.write(`RUBBISH\r\n\r\n${'x'.repeat(6_000_000)}`);
  const [connection] = await once(rig.ingest.server, 'connection');
  await ended;
  assert.deepEqual(statuses(text), [400]);
  assert.equal(connection.destroyed, false);
  const closed = once(connection, 'close');
  rig.clock.advance(limits.lingerMs);
  await closed;

  const endless = connect(half);
  endless.on('error', () => undefined).resume();
  const cut = new Promise((resolve) => endless.once('close', resolve));
  const more = (problem?: Error | null) => {
    if (!problem) endless.write(Buffer.alloc(1_000_000, 'x'), more);
  };
  more();
  await cut;
});

test('answers given before the end of a request was told are not lost to rubbish behind it', async (context) => {
  const rig = await start(context);
  const bare = 'POST /v1/track HTTP/1.1\r\nContent-Length: 0\r\n\r\n';
  const answer = await wire(rig.port, `${bare}${bare}RUBBISH\r\n\r\n`);
  assert.deepEqual(statuses(answer).slice(0, 2), [400, 400]);
});

test('CONNECT is 405, behind the answers to the requests before it', async (context) => {
  const rig = await start(context);
  const tunnel = 'CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n';
  assert.deepEqual(statuses(await wire(rig.port, tunnel)), [405]);
  assert.deepEqual(statuses(await wire(rig.port, `${sized(event)}${tunnel}`)), [200]);
});

test('a request waiting for its flush keeps its answer when rubbish follows on the connection', async (context) => {
  const memory = await engine();
  const { writer } = await memory.openWriter('accepted', 0);
  let flush: () => void = () => undefined;
  const flushed = new Promise<void>((resolve) => {
    flush = resolve;
  });
  const slow: LogWriter = {
    end: 0,
    mark: 0,
    append: async (entries) => {
      await flushed;
      return writer.append(entries);
    },
    close: () => writer.close(),
  };
  const other = await engine();
  const rig = await startIngest(context, other, { writers: [slow] });
  rig.ingest.server.on('clientError', () => flush());
  const answer = await wire(rig.port, `${sized(event)}RUBBISH\r\n\r\n`);
  assert.deepEqual(statuses(answer), [200]);
  await memory.close();
});

test('whole requests keep their answers when a later one on the connection is broken', async (context) => {
  const rig = await start(context);
  const broken = `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`;
  const answer = await wire(rig.port, sized(event) + sized(event) + broken);
  assert.deepEqual(statuses(answer).slice(0, 2), [200, 200]);
  assert.equal((await rig.stored()).length, 2);
});

test('a client that waits for 100 Continue gets it, or its refusal without sending the body', async (context) => {
  const rig = await start(context);
  const expecting = 'Expect: 100-continue\r\n';
  const taken = await wire(rig.port, sized(event, expecting + closing));
  assert.deepEqual(statuses(taken), [100, 200]);
  const huge = `${head}${expecting}${closing}Content-Length: 999999999\r\n\r\n`;
  assert.deepEqual(statuses(await wire(rig.port, huge)), [400]);
  const odd = await wire(rig.port, sized(event, `Expect: something\r\n${closing}`));
  assert.deepEqual(statuses(odd), [200]);
});

test('an oversize body is answered while it is still being sent, and the connection lives on', async (context) => {
  const rig = await start(context);
  const body = 'x'.repeat(600_000);
  const answer = await wire(rig.port, sized(body), sized(event, closing));
  assert.deepEqual(statuses(answer), [400, 200]);
  assert.equal((await rig.stored()).length, 1);
});

test('an endless body is answered and cut off, whatever its path', async (context) => {
  const rig = await start(context);
  const endless = async (path: string) => {
    const socket = connect(rig.port, '127.0.0.1');
    let read = '';
    socket.on('data', (chunk) => {
      read += chunk;
    });
    socket.on('error', () => undefined);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const pump = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pump);
    socket.write(`${head.replace('/v1/track', path)}Transfer-Encoding: chunked\r\n\r\n`);
    pump();
    await new Promise((resolve) => socket.on('close', resolve));
    return statuses(read);
  };
  assert.deepEqual(await endless('/v1/track'), [400]);
  assert.deepEqual(await endless('/v1/m'), [200]);
  assert.deepEqual(await endless('/v1/nothing'), [404]);
  assert.deepEqual(await endless('/health'), [405]);
  assert.deepEqual(await rig.stored(), []);
});

test('a request answered early and never ended is cut without a second answer', async (context) => {
  const rig = await start(context, { requestTimeoutMs: 60 });
  const answer = await wire(rig.port, `${head}Content-Length: 600000\r\n\r\n{`);
  assert.deepEqual(statuses(answer), [400]);
});

test('a request target in absolute form is found', async (context) => {
  const rig = await start(context);
  const text = sized(event, closing).replace('/v1/track', 'http://events.example/v1/track');
  assert.deepEqual(statuses(await wire(rig.port, text)), [200]);
});

test('HTTP/1.0 is served', async (context) => {
  const rig = await start(context);
  const text = sized(event).replace('HTTP/1.1', 'HTTP/1.0').replace('Host: h\r\n', '');
  assert.deepEqual(statuses(await wire(rig.port, text)), [200]);
});
