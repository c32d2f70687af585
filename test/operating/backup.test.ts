/** docs/operating/backup.md: a backup of a running node, and what a restore of it delivers. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../rig/eventually.ts';
import { random, seedFrom } from '../rig/random.ts';
import { operate } from './operated.ts';

const seed = seedFrom('OPERATING_SEED');
/** Cursors are committed every 100 ms; a stalled machine may stretch that. */
const repeatableMs = 1_000;

test(`a backup under load holds all that was acknowledged before it: restored, that is delivered, in order (OPERATING_SEED=${seed})`, {
  timeout: 240_000,
}, async (t) => {
  const node = await operate(t, { seed });
  const dice = random(seed + 1);
  // Some wait for their second attempt, and people behind them.
  node.receiver.answer = () => (dice.chance(0.02) ? 503 : 200);
  await node.startLoad();
  const backup = join(node.spare, 'backup');
  const before = node.acknowledged();
  const begun = performance.now();
  const made = await node.run('backup', backup);
  assert.equal(made.code, 0, made.stderr);
  // Life goes on for a while, and then the machine is lost.
  const enough = node.acknowledged().size + 200;
  await eventually('more is taken', () => node.acknowledged().size > enough);
  const back = node.book.died('the machine');
  await node.destroy();
  await node.stopLoad();
  await node.receiver.hungUp();
  const delivered = new Map([...before].map((id) => [id, node.lastArrival(id)]));
  node.receiver.answer = () => 200;

  const restored = await node.run('restore', backup);
  assert.equal(restored.code, 0, restored.stderr);
  await node.start();
  back();
  await node.allArrive(before);
  assert.deepEqual(node.book.problems.slice(0, 20), []);
  const repeated = [...delivered].filter(([id, at]) => node.lastArrival(id) > at);
  const unexcused = repeated.filter(([, at]) => at < begun - repeatableMs);
  assert.deepEqual(unexcused, [], 'what was delivered before the backup began is not repeated');
  t.diagnostic(`${before.size} acknowledged before the backup, ${repeated.length} repeated after`);

  await node.startLoad();
  await node.stopLoad();
  await node.allArrive(new Set([...node.acknowledged()].filter((id) => id.startsWith('load2'))));
});

test('a restore refuses what is no whole backup, a folder in use, and a damaged file, and changes nothing', async (t) => {
  const node = await operate(t, { seed });
  await node.startLoad();
  await node.stopLoad();
  const backup = join(node.spare, 'backup');
  assert.equal((await node.run('backup', backup)).code, 0);
  const refused = async (command: string, says: RegExp, folder = backup) => {
    const { code, stderr } = await node.run(command, folder);
    assert.equal(code, 1);
    assert.match(stderr, says);
  };
  await refused('backup', /is not empty/);
  await refused('restore', /is there already: move it away first/);
  await node.destroy();
  const none = join(node.spare, 'none');
  await refused('restore', /is no backup: its manifest.json cannot be read/, none);
  const log = join(backup, 'log/accepted-0');
  const file = join(log, readdirSync(log).find((name) => name.endsWith('.log')) ?? '');
  const bytes = readFileSync(file);
  const damaged = Buffer.from(bytes);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, damaged);
  await refused('restore', /is damaged: it does not check/);
  rmSync(file);
  await refused('restore', /cannot be copied: ENOENT/);
  assert.deepEqual(filesIn(node.data), [], 'nothing is left of a restore that was refused');
  writeFileSync(file, bytes);
  assert.equal((await node.run('restore', backup)).code, 0);
  await node.start();
  await node.allArrive(node.acknowledged());
});

test('a stopped node is backed up too; where there is nothing, there is no backup', async (t) => {
  const node = await operate(t, { seed });
  await node.startLoad();
  await node.stopLoad();
  await node.server.stop();
  const [backup, empty] = [join(node.spare, 'backup'), join(node.spare, 'empty')];
  assert.equal((await node.run('backup', backup)).code, 0);
  rmSync(node.data, { recursive: true });
  const { code, stderr } = await node.run('backup', empty);
  assert.equal(code, 1);
  assert.match(stderr, /There is nothing to back up/);
  assert.ok(!existsSync(join(empty, 'manifest.json')));
  assert.equal((await node.run('restore', backup)).code, 0);
  await node.start();
  await node.allArrive(node.acknowledged());
});

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
