import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-start-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function environment(data: string) {
  return { TRIBUTARY_DATA: data, TRIBUTARY_PORT: '0', TRIBUTARY_LOG_LEVEL: 'silent' };
}

/** Serves from a data folder it cannot start with, and resolves with the exit code. */
async function exitCode(data: string): Promise<unknown> {
  const env = environment(data);
  const child = spawn(process.execPath, [main, 'serve'], { env, stdio: 'ignore', timeout: 30_000 });
  const [code] = await once(child, 'exit');
  return code;
}

test('a node whose log takes nothing at its start is started again: a disk does not stay full', async (t) => {
  const data = join(newFolder(t), 'data');
  // What stands in the way of the first file, as a full disk would.
  mkdirSync(join(data, 'log', 'accepted-0', '00000001.log'), { recursive: true });
  assert.equal(await exitCode(data), 1);
});

test('a node whose data folder cannot be made is not started again', async (t) => {
  const file = join(newFolder(t), 'file');
  writeFileSync(file, '');
  assert.equal(await exitCode(join(file, 'data')), 78);
  assert.ok(statSync(file).isFile());
});

test('a second node on a data folder is refused, and touches nothing of the first', async (t) => {
  const data = join(newFolder(t), 'data');
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const first = spawn(process.execPath, [main, 'serve'], {
    env: environment(data),
    stdio: [...stdio],
  });
  const gone = once(first, 'exit');
  t.after(async () => {
    first.kill('SIGKILL');
    await gone;
  });
  // What it prints once it serves.
  await once(first.stdout, 'data');
  const socket = () => statSync(join(data, 'control.sock')).ino;
  const before = socket();
  assert.equal(await exitCode(data), 78);
  assert.equal(socket(), before);
  first.kill('SIGTERM');
  assert.deepEqual(await gone, [0, null]);
});
