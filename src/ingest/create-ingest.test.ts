import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { LogWriter } from '../core/event-log.ts';
import { eventually } from '../core/testing/eventually.ts';
import { ManualClock } from '../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import type { IngestDeps } from './create-ingest.ts';
import { statuses, wire } from './testing/exchange.ts';
import { auth, basic, type IngestRig, startIngest } from './testing/ingest-rig.ts';

const start = async (context: TestContext, deps: Partial<IngestDeps> = {}): Promise<IngestRig> =>
  startIngest(context, await openMemoryLogEngine({ clock: new ManualClock() }), deps);

const event = { userId: 'u', event: 'E', messageId: 'm' };

/** A writer whose appends become durable when the test says so. */
function heldWriter() {
  const waiting: ((offset: number) => void)[] = [];
  const writer: LogWriter = {
    end: 0,
    mark: 0,
    append: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => undefined,
  };
  return { writer, waiting };
}

test('health is 200 while ingest can accept, else 503, with the parts', async (context) => {
  let ok = true;
  const rig = await start(context, { health: async () => ({ ok, parts: { log: 'full' } }) });
  const good = await rig.send({ method: 'GET', path: '/health' });
  assert.equal(good.status, 200);
  assert.deepEqual(good.json, { ok: true, parts: { log: 'full' } });
  ok = false;
  assert.equal((await rig.send({ method: 'GET', path: '/health/' })).status, 503);
  assert.equal((await rig.send({ method: 'HEAD', path: '/health' })).status, 503);
});

test('the metrics count requests by outcome and events by source', async (context) => {
  const rig = await start(context);
  await rig.post('/v1/track', event);
  await rig.post('/v1/track', {});
  await rig.post('/v1/batch', { batch: [{ type: 'track', ...event }, {}, { type: 'x' }] });
  await rig.post('/v1/batch', { batch: [{}] });
  await rig.post('/v1/batch', { batch: [] });
  await rig.post('/v1/track', event, {});
  await rig.post('/v1/track', '{');
  await rig.post('/v1/batch', { batch: [1, 2], writeKey: 'offkey' }, {});
  await rig.send({ method: 'GET', path: '/v1/track' });
  const answer = await rig.send({ method: 'GET', path: '/metrics' });
  assert.match(String(answer.headers['content-type']), /^text\/plain; version=0\.0\.4/);
  const lines = [
    'tributary_ingest_requests_total{code="ok"} 1',
    'tributary_ingest_requests_total{code="no_user_anon_id"} 1',
    'tributary_ingest_requests_total{code="multi_user_error"} 1',
    'tributary_ingest_requests_total{code="empty_batch_result"} 1',
    'tributary_ingest_requests_total{code="empty_batch"} 1',
    'tributary_ingest_requests_total{code="authentication_error"} 1',
    'tributary_ingest_requests_total{code="validation_error"} 1',
    'tributary_ingest_requests_total{code="source_disabled"} 1',
    'tributary_ingest_requests_total{code="method_not_allowed"} 1',
    'tributary_ingest_events_accepted_total{source="src"} 2',
    'tributary_ingest_events_refused_total{source="src",code="no_user_anon_id"} 1',
    'tributary_ingest_events_refused_total{source="src",code="type_not_supported"} 3',
    'tributary_ingest_events_refused_total{source="src",code="empty_batch"} 1',
    'tributary_ingest_events_refused_total{source="off",code="source_disabled"} 2',
    'tributary_ingest_ack_seconds_bucket{le="+Inf"} 6',
    'tributary_ingest_ack_seconds_count 6',
  ];
  for (const line of lines) assert.ok(answer.text.includes(`${line}\n`), line);
  assert.match(answer.text, /tributary_ingest_bytes_total [1-9]/);
  const again = await rig.send({ method: 'GET', path: '/metrics' });
  assert.ok(again.text.includes(`${lines[0]}\n`), 'reading the metrics changes none');
});

test('the ack histogram is in seconds, the flush included', async (context) => {
  const { writer, waiting } = heldWriter();
  const rig = await start(context, { writers: [writer] });
  const answered = rig.post('/v1/track', event);
  await eventually('it waits for the log', () => waiting.length > 0, { every: 1 });
  rig.clock.advance(40);
  waiting[0]?.(1);
  await answered;
  const { text } = await rig.send({ method: 'GET', path: '/metrics' });
  assert.match(text, /tributary_ingest_ack_seconds_sum 0\.04\n/);
  assert.match(text, /tributary_ingest_ack_seconds_bucket\{le="0\.03"\} 0\n/);
  assert.match(text, /tributary_ingest_ack_seconds_bucket\{le="0\.05"\} 1\n/);
});

test('the answer waits for the log', async (context) => {
  const { writer, waiting } = heldWriter();
  const rig = await start(context, { writers: [writer] });
  let isAnswered = false;
  const answered = rig.post('/v1/track', event).then((answer) => {
    isAnswered = true;
    return answer;
  });
  await eventually('it waits for the log', () => waiting.length > 0, { every: 1 });
  await rig.send({ method: 'GET', path: '/health' });
  assert.equal(isAnswered, false);
  waiting[0]?.(1);
  assert.equal((await answered).status, 200);
});

test('a stop finishes the requests in flight, closes idle connections and takes no more', async (context) => {
  const { writer, waiting } = heldWriter();
  const rig = await start(context, { writers: [writer] });
  const idle = connect(rig.port, '127.0.0.1');
  const idleClosed = once(idle, 'close');
  idle.write('GET /health HTTP/1.1\r\nHost: h\r\n\r\n');
  await once(idle, 'data');
  const body = JSON.stringify(event);
  const head = `POST /v1/track HTTP/1.1\r\nHost: h\r\nAuthorization: ${basic}\r\n`;
  const inFlight = wire(rig.port, `${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  await eventually('it waits for the log', () => waiting.length > 0, { every: 1 });
  const closed = rig.ingest.close();
  await idleClosed;
  waiting[0]?.(1);
  const answer = await inFlight;
  assert.deepEqual(statuses(answer), [200]);
  assert.match(answer, /^connection: close/im);
  await closed;
  await assert.rejects(rig.post('/v1/track', event));
});

test('a stop does not wait for a request that never ends', async (context) => {
  const { writer, waiting } = heldWriter();
  const rig = await start(context, { writers: [writer] });
  const stuck = rig.post('/v1/track', event);
  await eventually('it waits for the log', () => waiting.length > 0, { every: 1 });
  const closed = rig.ingest.close();
  rig.clock.advance(60_000);
  await closed;
  await assert.rejects(stuck);
});

test('a client that left before its answer harms nobody', async (context) => {
  const { writer, waiting } = heldWriter();
  const rig = await start(context, { writers: [writer] });
  const body = JSON.stringify(event);
  const socket = connect(rig.port, '127.0.0.1');
  const [connection] = await once(rig.ingest.server, 'connection');
  socket.write(
    `POST /v1/track HTTP/1.1\r\nHost: h\r\nAuthorization: ${auth.Authorization}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  await eventually('it waits for the log', () => waiting.length > 0, { every: 1 });
  socket.destroy();
  await once(connection, 'close');
  waiting[0]?.(1);
  assert.equal((await rig.send({ method: 'GET', path: '/health' })).status, 200);
});

test('a defect costs its request a 500 and leaves the server running', async (context) => {
  let isBroken = true;
  const hasRoom = () => {
    assert.ok(!isBroken, 'a planted defect');
    return true;
  };
  const rig = await start(context, { hasRoom });
  const answer = await rig.post('/v1/track', event);
  assert.equal(answer.status, 500);
  assert.equal(answer.json['code'], 'internal_error');
  isBroken = false;
  assert.equal((await rig.post('/v1/track', event)).status, 200);
});
