import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { loopbackServer } from '../../src/core/testing/loopback-server.ts';
import { exchange } from '../../src/ingest/testing/exchange.ts';
import { addWebhook, api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { basic } from '../rig/track.ts';

const client = '203.0.113.7';

interface Deployment {
  readonly server: Server;
  readonly receiver: Receiver;
  readonly writeKey: string;
}

/** A deployment of a region that trusts the proxy on this machine. Its keys are made by itself. */
async function deploy(t: TestContext, region: string): Promise<Deployment> {
  const folder = await tempFolder(`region-${region}`);
  const receiver = await startReceiver();
  const env = {
    TRIBUTARY_REGION: region,
    TRIBUTARY_TRUSTED_PROXIES: '127.0.0.1',
    TRIBUTARY_WRITE_KEY: '',
  };
  const server = await startServer({ folder: folder.path, env });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url]);
  const sources = await api(server, 'GET', '/sources');
  return { server, receiver, writeKey: String(valueAt(sources, 'data.sources.0.writeKeys.0')) };
}

/** Both hosts of seeds 000 and 001 on one port, as a reverse proxy that ends TLS would serve them. */
async function startProxy(t: TestContext, ports: Readonly<Record<string, number>>) {
  const proxy = await loopbackServer((incoming, response) => {
    const { method, url = '/', headers } = incoming;
    const port = ports[headers.host ?? ''];
    assert.ok(port !== undefined);
    const forwarded = { 'x-forwarded-for': client, 'x-forwarded-proto': 'https' };
    const onward = request({
      ...{ host: '127.0.0.1', port, method, path: url },
      headers: { ...headers, ...forwarded },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  t.after(() => proxy.close());
  return proxy.port;
}

test('two deployments behind the hosts of two regions: each takes the keys of its own, and refuses the others by name', async (t) => {
  const [us, eu] = [await deploy(t, 'us'), await deploy(t, 'eu')];
  const hosts = { 'api.segment.io': us, 'api.segment.eu': eu };
  const ports = { 'api.segment.io': us.server.port, 'api.segment.eu': eu.server.port };
  const port = await startProxy(t, ports);
  const track = (host: string, writeKey: string) =>
    exchange(port, {
      path: '/v1/track',
      headers: { Host: host, Authorization: basic(writeKey) },
      body: JSON.stringify({ userId: host, event: 'E', context: { direct: true } }),
    });
  const settings = (host: string, writeKey: string) => {
    const path = `/v1/projects/${writeKey}/settings`;
    return exchange(port, { method: 'GET', path, headers: { Host: host } });
  };
  for (const [host, own] of Object.entries(hosts)) {
    const other = own === us ? eu : us;
    assert.equal((await track(host, own.writeKey)).status, 200);
    const [delivery] = await own.receiver.waitFor('the event', (all) => all.length >= 1);
    assert.partialDeepStrictEqual(delivery?.event, { userId: host, context: { ip: client } });
    assert.partialDeepStrictEqual((await settings(host, own.writeKey)).json, {
      integrations: { 'Segment.io': { apiHost: `${host}/v1`, protocol: 'https' } },
    });
    const regions = own === us ? ['eu', 'us'] : ['us', 'eu'];
    for (const refused of [
      await track(host, other.writeKey),
      await settings(host, other.writeKey),
    ]) {
      assert.equal(refused.status, 401);
      assert.partialDeepStrictEqual(refused.json, {
        error: {
          code: 'wrong_region',
          message: `The write key belongs to the region ${regions[0]}; this is ${regions[1]}`,
        },
      });
    }
  }
  const region = ['source', 'region', 'http-api', 'us'];
  const { code, stdout } = await startCommand(region, environmentOf(eu.server)).done;
  assert.equal(code, 0);
  assert.match(stdout, /"region": "us"/);
  await eventually('its source is now one of the other region', async () => {
    return (await track('api.segment.eu', eu.writeKey)).status === 401;
  });
  assert.equal(us.receiver.taken.length, 1, 'nothing crossed over');
});
