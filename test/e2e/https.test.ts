import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeCertificate, type TestCertificate } from '../../src/core/testing/certificate.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { secureFetch } from '../rig/secure-fetch.ts';
import { startServer, testWriteKey } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { basic } from '../rig/track.ts';

const event = JSON.stringify({ userId: 'u', event: 'E' });

/** Certificate and key in a folder of their own, behind a link that is swapped as Kubernetes does it. */
function lay(folder: string, name: string, { cert, key }: TestCertificate): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'tls.crt'), cert);
  writeFileSync(join(folder, name, 'tls.key'), key);
  symlinkSync(name, join(folder, '..tmp'));
  renameSync(join(folder, '..tmp'), join(folder, '..data'));
}

async function startHttps(t: TestContext, first: TestCertificate) {
  const folder = await tempFolder('https');
  lay(folder.path, '..1', first);
  const env = {
    TRIBUTARY_TLS_CERT: join(folder.path, '..data/tls.crt'),
    TRIBUTARY_TLS_KEY: join(folder.path, '..data/tls.key'),
  };
  const started = await startServer({ folder: folder.path, env, ready: false });
  t.after(async () => {
    await started.kill();
    await folder.remove();
  });
  const server = { ...started, url: started.url.replace('http:', 'https:') };
  const isUp = async () => (await secureFetch(first.cert, `${server.url}/health`)).status === 200;
  await eventually('it listens', isUp);
  return { server, env };
}

test('over https events are taken, plain http is told so, and the command line finds the server', async (t) => {
  // The certificate names the public host, not the address the command line uses.
  const certificate = makeCertificate(['cdp.example.com', '127.0.0.1']);
  const { server, env } = await startHttps(t, certificate);
  const answer = await secureFetch(certificate.cert, `${server.url}/v1/track`, {
    method: 'POST',
    headers: { authorization: basic(testWriteKey) },
    body: event,
  });
  assert.equal(answer.status, 200);
  const plain = await fetch(`http://127.0.0.1:${server.port}/v1/track`, {
    method: 'POST',
    body: event,
  });
  assert.equal(plain.status, 400);
  assert.match(await plain.text(), /use https:/);
  await eventually('it is printed', () => server.log().includes(`Console       ${server.url}/`));
  const environment = { ...environmentOf(server), ...env };
  for (const args of [['send'], ['health'], ['source', 'list']]) {
    const { code, stderr } = await startCommand(args, environment).done;
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
  }
});

test('the command line does not talk to a server with another certificate', async (t) => {
  const { server, env } = await startHttps(t, makeCertificate(['127.0.0.1']));
  const other = join(server.folder, 'other.crt');
  writeFileSync(other, makeCertificate(['127.0.0.1']).cert);
  const environment = { ...environmentOf(server), ...env, TRIBUTARY_TLS_CERT: other };
  for (const args of [['send'], ['health']]) {
    const { code, stderr } = await startCommand(args, environment).done;
    assert.equal(code, 1);
    assert.match(stderr, /No server answers at https:/);
  }
});

test('changed certificate files are taken over while it runs; a pair that does not match is logged and counted, and the old one kept', async (t) => {
  const [first, second] = [makeCertificate(), makeCertificate()];
  const { server } = await startHttps(t, first);
  const reloads = async (ca: string) => {
    const { text } = await secureFetch(ca, `${server.url}/metrics`);
    return /tributary_tls_reloads_total\{outcome="failed"\} (\d+)/.exec(text)?.[1];
  };
  assert.equal(await reloads(first.cert), '0');
  lay(server.folder, '..2', { ...second, key: first.key });
  const said = () => server.log().includes('the old pair stays in use');
  await eventually('the log says so', said);
  assert.equal(await reloads(first.cert), '1');
  lay(server.folder, '..3', second);
  const isNew = async () => (await secureFetch(second.cert, `${server.url}/health`)).status === 200;
  await eventually('the new one is shown', isNew);
  await assert.rejects(secureFetch(first.cert, `${server.url}/health`));
});

test('a pair that does not match keeps the server from starting, and it says why', async (t) => {
  const folder = await tempFolder('https');
  t.after(folder.remove);
  lay(folder.path, '..1', { ...makeCertificate(), key: makeCertificate().key });
  const env = {
    TRIBUTARY_TLS_CERT: join(folder.path, '..1/tls.crt'),
    TRIBUTARY_TLS_KEY: join(folder.path, '..1/tls.key'),
  };
  const server = await startServer({ folder: folder.path, env, ready: false });
  assert.deepEqual(await server.exited, { code: 78, signal: null });
  assert.match(server.log(), /TRIBUTARY_TLS_CERT: The key is not that of the certificate/);
});
