import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { freePort } from '../rig/free-port.ts';
import { signalProcess, startServer, testToken } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

test('TRIBUTARY_ADMIN_PORT: API, console and metrics have a port of their own, which outlives the control plane; banner and command line know it', async (t) => {
  const folder = await tempFolder('admin');
  const adminPort = await freePort();
  const env = { TRIBUTARY_ADMIN_PORT: String(adminPort) };
  const server = await startServer({ folder: folder.path, env });
  t.after(async () => {
    await server.kill();
    await folder.remove();
  });
  const admin = `http://127.0.0.1:${adminPort}`;
  await eventually('it is printed', () => server.log().includes(`Console       ${admin}/\n`));
  assert.match(server.log(), new RegExp(`SDK at ${server.url} `));

  const status = async (address: string, path: string) => {
    const headers = { authorization: `Bearer ${testToken}` };
    return (await fetch(`${address}${path}`, { headers })).status;
  };
  for (const path of ['/', '/docs', '/api/sources', '/api/openapi.json', '/metrics']) {
    assert.equal(await status(server.url, path), 404, path);
    assert.equal(await status(admin, path), 200, path);
  }
  assert.equal((await track(server, '/v1/track', { userId: 'u', event: 'E' })).status, 200);
  assert.equal((await track({ ...server, url: admin }, '/v1/track', {})).status, 404);
  const start = await (await fetch(admin)).text();
  assert.ok(start.includes(`curl ${server.url}/v1/track`));
  assert.ok(start.includes(`curl ${admin}/api/destinations`));

  const environment = { ...environmentOf(server), ...env };
  for (const args of [['send'], ['source', 'list'], ['health']]) {
    const { code, stderr } = await startCommand(args, environment).done;
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
  }

  const health: unknown = await (await fetch(`${admin}/health`)).json();
  signalProcess(Number(valueAt(health, 'parts.processes.control.pid')), 'SIGKILL');
  const during = await eventually('the API is gone', async () => {
    const answer = await fetch(`${admin}/api/sources`);
    return (answer.status === 503 || answer.status === 502) && answer;
  });
  assert.equal(valueAt(await during.json(), 'code'), 'unavailable');
  assert.equal(await status(admin, '/metrics'), 200);
  const isBack = async () => (await status(admin, '/api/sources')) === 200;
  await eventually('the API is back on its port', isBack);
});
