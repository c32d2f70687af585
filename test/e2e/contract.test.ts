import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchange, wire } from '../../src/ingest/testing/exchange.ts';
import { addWebhook, api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { freePort } from '../rig/free-port.ts';
import { startServer, testToken, testWriteKey } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { basic, track } from '../rig/track.ts';
import { startStand } from './stand.ts';

const event = { userId: 'u', event: 'E' };

test('log and state lie where they are configured, for their owner alone; the configuration is in the log without its secrets', async (t) => {
  const folder = await tempFolder('contract');
  const at = (name: string) => join(folder.path, name);
  const env = {
    TRIBUTARY_LOG: `file:${at('my-log')}`,
    TRIBUTARY_STATE: `sqlite:${at('my-state')}`,
  };
  const server = await startServer({ folder: folder.path, env });
  t.after(async () => {
    await server.kill();
    await folder.remove();
  });
  assert.equal((await track(server, '/v1/track', event)).status, 200);
  await api(server, 'GET', '/workspace');
  assert.ok(readdirSync(at('my-log')).some((name) => name.startsWith('accepted')));
  assert.ok(readdirSync(at('my-state')).includes('state.db'));
  assert.deepEqual(
    readdirSync(at('data')).filter((name) => /log|\.db/.test(name)),
    [],
  );
  assert.equal(statSync(at('data')).mode & 0o077, 0);
  const line = server
    .log()
    .split('\n')
    .find((text) => text.includes('"config":'));
  assert.match(line ?? '', /"log":"file:.*my-log"/);
  for (const secret of [testToken, testWriteKey]) assert.ok(!line?.includes(secret));
});

test('clients are sent to TRIBUTARY_PUBLIC_URL with its prefix', async (t) => {
  const publicUrl = 'https://cdp.example.com/in';
  const { server } = await startStand(t, { TRIBUTARY_PUBLIC_URL: `${publicUrl}/` });
  const answer = await fetch(`${server.url}/v1/projects/${testWriteKey}/settings`);
  assert.partialDeepStrictEqual(await answer.json(), {
    integrations: { 'Segment.io': { apiHost: 'cdp.example.com/in/v1', protocol: 'https' } },
  });
  assert.match(await (await fetch(server.url)).text(), new RegExp(`${publicUrl}/v1/track`));
  await eventually('it is printed', () => server.log().includes(`${publicUrl}/\n`));
});

test('with TRIBUTARY_ALLOW_PRIVATE_TARGETS off, an event for a private address becomes a discard', async (t) => {
  const { server, receiver } = await startStand(t, { TRIBUTARY_ALLOW_PRIVATE_TARGETS: 'false' });
  await track(server, '/v1/track', event);
  const discard = await eventually('the discard', async () => {
    const answer = await api(server, 'GET', '/discards?stage=deliver');
    return valueAt(answer, 'data.discards.0');
  });
  assert.partialDeepStrictEqual(discard, { code: 'target_refused', payload: event });
  assert.equal(receiver.taken.length, 0);
});

test('TRIBUTARY_RATE_LIMIT: one request too many is 429 with the seconds to wait', async (t) => {
  const { server } = await startStand(t, { TRIBUTARY_RATE_LIMIT: '1' });
  const answers = await Promise.all([1, 2, 3, 4].map(() => track(server, '/v1/t', event)));
  assert.ok(answers.some(({ status }) => status === 200));
  const limited = answers.find(({ status }) => status === 429);
  assert.equal(limited?.headers.get('retry-after'), '1');
  assert.equal(limited?.headers.get('x-ratelimit-limit'), '1');
  assert.partialDeepStrictEqual(await limited?.json(), { error: { retryAfter: 1 } });
});

test('on the IPv6 loopback everything works as on the other', {
  skip: !(await hasIpv6()),
}, async (t) => {
  const folder = await tempFolder('ipv6');
  const port = await freePort();
  const env = { TRIBUTARY_HOST: '::1' };
  const started = await startServer({ folder: folder.path, port, env, ready: false });
  t.after(async () => {
    await started.kill();
    await folder.remove();
  });
  const server = { ...started, url: `http://[::1]:${port}` };
  const isUp = () =>
    fetch(`${server.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually('it listens', isUp);
  await addWebhook(server, ['http://[::1]:9/']);
  const settings = await fetch(`${server.url}/v1/projects/${testWriteKey}/settings`);
  assert.partialDeepStrictEqual(await settings.json(), {
    integrations: { 'Segment.io': { apiHost: `[::1]:${port}/v1`, protocol: 'http' } },
  });
  const options = { ...environmentOf(server), ...env };
  const { code, stderr } = await startCommand(['send'], options).done;
  assert.equal(code, 0, stderr);
});

test('the control plane is reached through the one port only: its socket is its owner’s', async (t) => {
  const { server } = await startStand(t);
  const socket = join(server.folder, 'data', 'control.sock');
  assert.ok(statSync(socket).isSocket());
  assert.equal(statSync(join(server.folder, 'data')).mode & 0o077, 0);
  const answer = await fetch(`${server.url}/api/sources`, {
    headers: { authorization: basic(testWriteKey) },
  });
  assert.equal(answer.status, 401, 'a write key is no access token');
});

test('off loopback /metrics asks for an access token, and /health does not', async (t) => {
  const { server } = await startStand(t, {
    TRIBUTARY_HOST: '0.0.0.0',
    TRIBUTARY_ALLOW_PRIVATE_TARGETS: 'true',
  });
  const metrics = (authorization: string) =>
    fetch(`${server.url}/metrics`, { headers: { authorization } });
  const refused = await fetch(`${server.url}/metrics`);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
  assert.equal((await metrics(basic(testWriteKey))).status, 401);
  assert.equal((await metrics('Bearer wrong')).status, 401);
  const reader = await api(server, 'POST', '/tokens', { name: 'scraper', permission: 'read' });
  const secret = `Bearer ${String(valueAt(reader, 'data.secret'))}`;
  const answer = await eventually('the token holds', async () => {
    const tried = await metrics(secret);
    return tried.status === 200 && tried;
  });
  assert.match(await answer.text(), /^# HELP tributary_/m);
  assert.equal((await metrics(`Bearer ${testToken}`)).status, 200);
  const health = await fetch(`${server.url}/health`);
  assert.equal(health.status, 200);
  const text = await health.text();
  for (const hidden of [testToken, testWriteKey, server.folder]) assert.ok(!text.includes(hidden));
});

test('the address of a client is that which a trusted proxy names, and no other peer can name one', async (t) => {
  const direct = { ...event, context: { direct: true } };
  const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' };
  for (const [proxies, ip] of [
    ['127.0.0.0/8', '203.0.113.7'],
    ['10.0.0.0/8', '127.0.0.1'],
  ] as const) {
    const { server, receiver } = await startStand(t, { TRIBUTARY_TRUSTED_PROXIES: proxies });
    assert.equal((await track(server, '/v1/track', direct, headers)).status, 200);
    const [delivery] = await receiver.waitFor('the event', (all) => all.length >= 1);
    assert.equal(valueAt(delivery?.event, 'context.ip'), ip);
  }
});

test('any Host header is served, and a hostile one gets into nothing', async (t) => {
  const { server } = await startStand(t);
  const paths = [`/v1/projects/${testWriteKey}/settings`, '/', '/api/openapi.json'];
  const script = `/analytics.js/v1/${testWriteKey}/analytics.min.js`;
  for (const path of [...paths, script]) {
    for (const host of ['events.shop.example', 'xn--bcher-kva.example:8443', '[2001:db8::1]:80']) {
      const answer = await exchange(server.port, { method: 'GET', path, headers: { Host: host } });
      assert.equal(answer.status, 200, `${path} at ${host}`);
    }
    for (const mark of [
      '"PWN',
      "'PWN",
      '<script>PWN',
      'a/PWN',
      'PWN@h',
      '\\PWN',
      'h?PWN',
      'h#PWN',
    ]) {
      const headers = { Host: mark, 'X-Forwarded-Host': mark, Forwarded: `host="${mark}"` };
      const answer = await exchange(server.port, { method: 'GET', path, headers });
      assert.ok(!answer.text.includes('PWN'), `${path} at ${mark}`);
      assert.ok(!JSON.stringify(answer.headers).includes('PWN'));
    }
  }
  const split = 'GET / HTTP/1.1\r\nHost: a\r\nX-PWN: b\r\n\tfolded\r\nConnection: close\r\n\r\n';
  assert.ok(!(await wire(server.port, split)).includes('PWN'));
});

function hasIpv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(9, '::1');
    socket.on('connect', () => resolve(true));
    socket.on('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED'));
  });
}
