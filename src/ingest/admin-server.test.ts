import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { tokenHash } from '../core/token-hash.ts';
import type { IngestDeps } from './create-ingest.ts';
import { beforeControl } from './testing/before-control.ts';
import { exchange } from './testing/exchange.ts';

/** An ingest before a control plane that answers 299 with what it was told of the client. */
async function start(context: TestContext, deps: Partial<IngestDeps>) {
  const rig = await beforeControl(
    context,
    (request, response) => response.writeHead(299).end(JSON.stringify(request.headers)),
    deps,
  );
  const { adminServer } = rig.ingest;
  if (adminServer === undefined) return { rig, adminPort: rig.port };
  adminServer.listen(0, '127.0.0.1');
  await once(adminServer, 'listening');
  const address = adminServer.address();
  assert(typeof address === 'object' && address !== null);
  return { rig, adminPort: address.port };
}

const get = (port: number, path: string, headers: Record<string, string> = {}) =>
  exchange(port, { method: 'GET', path, headers });

test('with an admin server, the first one answers 404 to all but the tracking and CDN paths and /health, and the admin server to those', async (context) => {
  const { rig, adminPort } = await start(context, { hasAdminServer: true });
  for (const path of ['/', '/docs', '/api/sources', '/api/openapi.json', '/metrics', '/x']) {
    const answer = await get(rig.port, path);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json['code'], 'not_found');
    assert.equal((await get(adminPort, path)).status, path === '/metrics' ? 200 : 299, path);
  }
  assert.equal((await rig.post('/v1/track', { userId: 'u', event: 'E' })).status, 200);
  for (const path of ['/v1/projects/key/settings', '/analytics.js/v1/key/analytics.min.js']) {
    assert.equal((await get(rig.port, path)).status, 200, path);
    assert.equal((await get(adminPort, path)).status, 404, path);
  }
  for (const port of [rig.port, adminPort]) assert.equal((await get(port, '/health')).status, 200);
});

test('the metrics are open to this machine alone, and not through a proxy; a token opens them to others', async (context) => {
  const token = 'trb_one';
  const snapshot = {
    current: {
      ...{ version: 1, sources: [], connections: [], replays: [] },
      workspace: { id: 'w', slug: 'w', name: 'w' },
      tokenHashes: [tokenHash(token)],
    },
    subscribe: () => () => undefined,
  };
  const { rig } = await start(context, { snapshot });
  assert.equal((await get(rig.port, '/metrics')).status, 200);
  const proxied = { 'X-Forwarded-For': '127.0.0.1' };
  assert.equal((await get(rig.port, '/metrics', proxied)).status, 401);
  assert.equal((await get(rig.port, '/metrics', { Forwarded: 'for=_x' })).status, 401);

  const closed = (await start(context, { snapshot, openMetrics: false })).rig;
  const answer = await get(closed.port, '/metrics');
  assert.equal(answer.status, 401);
  assert.equal(answer.headers['www-authenticate'], 'Bearer');
  for (const authorization of ['Bearer x', 'Basic eDo=', `Bearer ${tokenHash(token)}`, 'Bearer']) {
    assert.equal((await get(closed.port, '/metrics', { authorization })).status, 401);
  }
  const bearer = { authorization: `bearer ${token}` };
  assert.equal((await get(closed.port, '/metrics', bearer)).status, 200);
  snapshot.current = { ...snapshot.current, tokenHashes: [] };
  assert.equal((await get(closed.port, '/metrics', bearer)).status, 401, 'it was revoked');
  assert.equal((await get(closed.port, '/health')).status, 200);
});

test('the control plane is told the client, scheme and host that are believed, and nothing a client made up', async (context) => {
  const made = {
    Host: 'h.example',
    'X-Forwarded-For': '203.0.113.7',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'x.example',
    'X-Real-IP': '203.0.113.7',
    Forwarded: 'for=203.0.113.7',
  };
  const told = async (deps: Partial<IngestDeps>) =>
    JSON.parse((await get((await start(context, deps)).rig.port, '/api/x', made)).text);
  const untrusted = await told({});
  assert.equal(untrusted.host, 'h.example');
  assert.equal(untrusted['x-forwarded-for'], '127.0.0.1');
  assert.equal(untrusted['x-forwarded-proto'], 'http');
  const trusted = await told({ clients: { trustedProxies: ['127.0.0.1'] } });
  assert.equal(trusted.host, 'x.example');
  assert.equal(trusted['x-forwarded-for'], '203.0.113.7');
  assert.equal(trusted['x-forwarded-proto'], 'https');
  for (const headers of [untrusted, trusted]) {
    for (const name of ['forwarded', 'x-real-ip', 'x-forwarded-host']) {
      assert.equal(headers[name], undefined, name);
    }
  }
});
