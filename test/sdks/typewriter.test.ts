import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startStand } from '../e2e/stand.ts';
import { api } from '../rig/api.ts';
import { testToken } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { npm } from './install/npm.ts';

const order = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    properties: {
      type: 'object',
      required: ['price'],
      properties: { price: { type: 'number', description: 'What was paid' } },
    },
  },
};

test('typewriter 7.4.1 generates a client from a tracking plan that it reads by the Config API', async (t) => {
  const { server } = await startStand(t);
  const rules = [{ type: 'TRACK', key: 'Order Completed', version: 1, jsonSchema: order }];
  await api(server, 'POST', '/tracking-plans', { name: 'Shop', type: 'LIVE', rules });
  const headers = { authorization: `Bearer ${testToken}` };
  const plans = await fetch(`${server.url}/v1beta/workspaces/default/tracking-plans`, { headers });
  const [plan] = JSON.parse(await plans.text()).tracking_plans;
  const id = plan.name.split('/').at(-1);

  const project = await tempFolder('typewriter');
  t.after(project.remove);
  await writeFile(join(project.path, 'package.json'), '{"private":true}');
  await writeFile(
    join(project.path, 'typewriter.yml'),
    `scripts: { token: echo ${testToken} }
client: { sdk: analytics-node, language: typescript }
trackingPlans: [{ id: ${id}, workspaceSlug: default, path: ./analytics }]
`,
  );
  const said = await run(join(npm('typewriter', '7.4.1'), 'dist/src/cli/index.js'), {
    cwd: project.path,
    server: server.url,
  });
  const client = await readFile(join(project.path, 'analytics', 'index.ts'), 'utf8').catch(
    () => '',
  );
  assert.match(client, /function orderCompleted\(/, said);
  assert.match(client, /price: number/);
});

/** What typewriter says while it generates the client for production. */
function run(program: string, { cwd, server }: { cwd: string; server: string }): Promise<string> {
  const preload = `--import=${join(import.meta.dirname, 'typewriter', 'to-this-server.ts')}`;
  const child = spawn(process.execPath, [preload, program, 'production'], {
    cwd,
    env: { ...process.env, CI: '1', TYPEWRITER_SERVER: server },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(said));
  });
}
