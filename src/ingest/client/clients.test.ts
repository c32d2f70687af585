import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { type IngestRig, startIngest } from '../testing/ingest-rig.ts';
import type { ClientOptions } from './clients.ts';

const event = { userId: 'u', event: 'E' };
const auth = { Authorization: `Basic ${Buffer.from('key:').toString('base64')}` };

/** An ingest that is reached from 127.0.0.1. */
async function start(context: TestContext, clients: ClientOptions): Promise<IngestRig> {
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  return startIngest(context, engine, { clients });
}

/** What is recorded as the client's address of a request with these headers. */
async function recorded(
  context: TestContext,
  clients: ClientOptions,
  headers: Record<string, string>,
): Promise<string | undefined> {
  const rig = await start(context, clients);
  assert.equal((await rig.post('/v1/track', event, { ...auth, ...headers })).status, 200);
  return (await rig.stored())[0]?.meta.ip;
}

const trusted = { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8', '2001:db8:1::/48'] };
const client = '203.0.113.7';

test('without trusted proxies, and from one that is not trusted, what the headers say has no effect', async (context) => {
  const headers = {
    'X-Forwarded-For': client,
    Forwarded: `for=${client};proto=https;host=evil.example`,
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'evil.example',
  };
  for (const clients of [{}, { trustedProxies: ['10.0.0.0/8', '::1'] }]) {
    assert.equal(await recorded(context, clients, headers), '127.0.0.1');
    const rig = await start(context, clients);
    assert.deepEqual(await settingsOf(rig, { ...headers, Host: 'h.example' }), {
      apiHost: 'h.example/v1',
      protocol: 'http',
    });
  }
});

test('the client is the last in X-Forwarded-For that is no trusted proxy', async (context) => {
  const cases = [
    [client, client],
    [`198.51.100.1, ${client}, 10.1.2.3`, client],
    [`198.51.100.1,${client}:4711,2001:db8:1::5, 10.0.0.1`, client],
    [`10.0.0.2, 10.0.0.1`, '10.0.0.2'],
    ['[2001:db8:2::9]:443, 10.0.0.1', '2001:db8:2::9'],
    [`${client}, unknown, 10.0.0.1`, undefined],
    [`${client}, "><script>`, undefined],
    ['', undefined],
  ] as const;
  for (const [header, address] of cases) {
    assert.equal(await recorded(context, trusted, { 'X-Forwarded-For': header }), address, header);
  }
  assert.equal(await recorded(context, trusted, {}), '127.0.0.1', 'it says nothing');
});

test('the client is the last in Forwarded that is no trusted proxy; an obfuscated one is not known', async (context) => {
  const cases = [
    [`for=${client}`, client],
    [`for=198.51.100.1, For="${client}:4711";proto=https, for=10.0.0.1`, client],
    ['for="[2001:db8:2::9]:4711"', '2001:db8:2::9'],
    [`for=${client}, for=_hidden, for=10.0.0.1`, undefined],
    [`for=${client}, for=unknown`, undefined],
    [`for=${client};proto=https, for="`, undefined],
    ['proto=https', undefined],
  ] as const;
  for (const [header, address] of cases) {
    assert.equal(await recorded(context, trusted, { Forwarded: header }), address, header);
  }
});

test('a client cannot add the header that its proxy does not write', async (context) => {
  const both = { 'X-Forwarded-For': client, Forwarded: 'for=198.51.100.1' };
  assert.equal(await recorded(context, trusted, both), client);
  const forwarded = { ...trusted, proxyHeader: 'forwarded' } as const;
  assert.equal(await recorded(context, forwarded, both), '198.51.100.1');
  const other = { 'X-Forwarded-For': client };
  assert.equal(await recorded(context, forwarded, other), '127.0.0.1');
  const listed = { ...trusted, proxyHeader: 'x-forwarded' } as const;
  assert.equal(await recorded(context, listed, { Forwarded: `for=${client}` }), '127.0.0.1');
});

test('a chain that never ends is read up to a bound', async (context) => {
  const chain = Array.from({ length: 900 }, () => '10.0.0.1').join(',');
  const address = await recorded(context, trusted, { 'X-Forwarded-For': `${client},${chain}` });
  assert.equal(address, '10.0.0.1');
});

test('scheme and host of the address in the settings come from the trusted proxy of the client', async (context) => {
  const rig = await start(context, trusted);
  const cases = [
    [{ 'X-Forwarded-Proto': 'https' }, 'inner/v1', 'https'],
    [
      { 'X-Forwarded-Proto': 'HTTPS', 'X-Forwarded-Host': 'cdp.example' },
      'cdp.example/v1',
      'https',
    ],
    [
      {
        'X-Forwarded-For': `1.1.1.1, ${client}, 10.0.0.1`,
        'X-Forwarded-Proto': 'http, https, http',
        'X-Forwarded-Host': 'evil.example, cdp.example, inner.example',
      },
      'cdp.example/v1',
      'https',
    ],
    [
      {
        Forwarded: `for=1.1.1.1;host=evil.example, for=${client};proto=https;host="cdp.example:8443"`,
      },
      'cdp.example:8443/v1',
      'https',
    ],
    [{ 'X-Forwarded-Proto': 'javascript', 'X-Forwarded-Host': '"><script>' }, 'inner/v1', 'http'],
  ] as const;
  for (const [headers, apiHost, protocol] of cases) {
    assert.deepEqual(await settingsOf(rig, { Host: 'inner', ...headers }), { apiHost, protocol });
  }
});

test('the configured public address wins over proxies and Host', async (context) => {
  const rig = await start(context, { ...trusted, publicUrl: 'https://events.example/in' });
  const headers = { Host: 'h', 'X-Forwarded-Host': 'x', 'X-Forwarded-Proto': 'http' };
  const expected = { apiHost: 'events.example/in/v1', protocol: 'https' };
  assert.deepEqual(await settingsOf(rig, headers), expected);
  const script = await rig.send({ method: 'GET', path: '/analytics.js/v1/key/analytics.min.js' });
  assert.ok(script.text.includes('var u="https://events.example/in";'));
});

async function settingsOf(rig: IngestRig, headers: Record<string, string>): Promise<object> {
  const answer = await rig.send({ method: 'GET', path: '/v1/projects/key/settings', headers });
  const { apiHost, protocol } = JSON.parse(answer.text).integrations['Segment.io'];
  return { apiHost, protocol };
}
