import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { connect as connectPlain, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { limits } from '../../core/limits.ts';
import { makeCertificate } from '../../core/testing/certificate.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { wire } from '../testing/exchange.ts';
import { auth, type IngestRig, startIngest } from '../testing/ingest-rig.ts';

const tls = makeCertificate();
const body = JSON.stringify({ userId: 'u', event: 'E' });

async function start(context: TestContext): Promise<IngestRig> {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  return startIngest(context, engine, { tls });
}

/** A request over https; it believes `tls` alone. */
async function send(port: number, path: string, payload?: string, ca = tls.cert) {
  const where = { host: '127.0.0.1', port, path, ca, agent: false } as const;
  const outgoing = request({ ...where, method: payload ? 'POST' : 'GET', headers: auth });
  outgoing.end(payload);
  const [answer]: IncomingMessage[] = await once(outgoing, 'response');
  assert.ok(answer);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { status: answer.statusCode, text: Buffer.concat(chunks).toString() };
}

test('events are taken over https, and the settings name https', async (context) => {
  const rig = await start(context);
  assert.equal((await send(rig.port, '/v1/track', body)).status, 200);
  assert.equal((await rig.stored())[0]?.meta.ip, '127.0.0.1');
  const { text } = await send(rig.port, '/v1/projects/key/settings');
  const { protocol, apiHost } = JSON.parse(text).integrations['Segment.io'];
  assert.equal(protocol, 'https');
  assert.equal(apiHost, `127.0.0.1:${rig.port}/v1`);
});

test('plain http on the port is told to use https, also with a body, and nothing of it is taken', async (context) => {
  const rig = await start(context);
  for (const payload of ['', body, `"${'x'.repeat(300_000)}"`]) {
    const outgoing = plainRequest({
      ...{ host: '127.0.0.1', port: rig.port, method: 'POST', path: '/v1/track' },
      headers: auth,
      agent: false,
    });
    outgoing.end(payload);
    const [answer]: IncomingMessage[] = await once(outgoing, 'response');
    assert.equal(answer?.statusCode, 400);
    const text = (await answer?.toArray())?.join('') ?? '';
    assert.equal(JSON.parse(text).error.code, 'https_required');
    assert.match(text, /use https:/);
  }
  assert.equal((await rig.stored()).length, 0);
  assert.match(await wire(rig.port, 'rubbish\r\n\r\n'), /^HTTP\/1\.1 400 /);
});

test('TLS 1.2 and 1.3 are spoken, older versions are not', async (context) => {
  const rig = await start(context);
  const meet = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => {
    const socket = connect({
      ...{ host: '127.0.0.1', port: rig.port, ca: tls.cert },
      ...{ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
    });
    await once(socket, 'secureConnect');
    const spoken = socket.getProtocol();
    socket.resume().end();
    await once(socket, 'close');
    return spoken;
  };
  assert.equal(await meet('TLSv1.2'), 'TLSv1.2');
  assert.equal(await meet('TLSv1.3'), 'TLSv1.3');
  await assert.rejects(meet('TLSv1.1'), /protocol version/);
  const { text } = await send(rig.port, '/metrics');
  assert.match(text, /tributary_tls_handshake_failures_total 1\n/);
});

test('a handshake that comes byte by byte succeeds', async (context) => {
  const rig = await start(context);
  const relay = createServer((near) => {
    const far = connectPlain(rig.port, '127.0.0.1').setNoDelay(true);
    far.pipe(near);
    const trickle = async (hello: Buffer) => {
      near.pause();
      for (const byte of hello) await new Promise((sent) => far.write(Buffer.of(byte), sent));
      near.pipe(far);
    };
    near.once('data', (hello: Buffer) => void trickle(hello));
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  context.after(() => relay.close());
  const address = relay.address();
  assert(typeof address === 'object' && address !== null);
  assert.equal((await send(address.port, '/health')).status, 200);
});

test('new connections get a renewed certificate, and those that are open go on', async (context) => {
  const rig = await start(context);
  const old = connect({ host: '127.0.0.1', port: rig.port, ca: tls.cert });
  await once(old, 'secureConnect');
  const next = makeCertificate();
  rig.ingest.renewCertificate(next);
  assert.equal((await send(rig.port, '/health', undefined, next.cert)).status, 200);
  await assert.rejects(send(rig.port, '/health'), /self-signed/);
  old.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  assert.match(String((await old.toArray())[0]), /^HTTP\/1\.1 200 /);
});

test('a connection that says nothing is closed in time, and none holds up the stop', async (context) => {
  const rig = await start(context);
  const silent = connectPlain(rig.port, '127.0.0.1');
  await once(rig.ingest.server, 'connection');
  rig.clock.advance(limits.tlsHandshakeMs);
  silent.resume();
  await once(silent, 'close');
  const halfway = connectPlain(rig.port, '127.0.0.1').on('error', () => undefined);
  const [accepted] = await once(rig.ingest.server, 'connection');
  halfway.write(Buffer.of(22, 3, 1, 2));
  await once(accepted, 'pause');
  await rig.ingest.close();
});
