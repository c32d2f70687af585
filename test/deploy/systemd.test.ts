/** The units of systemd, as systemd sees them. No systemd runs here: none is started. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../rig/repository.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { systemd } from '../services/systemd.ts';
import { unknownKeys } from './lint.ts';

const folder = join(repository, 'deploy/systemd');
const skip = systemd.find() === undefined && 'no systemd-analyze here';
const units = readdirSync(folder).filter((name) => /\.(service|timer)$/.test(name));

test('systemd finds nothing to say about the units', { skip }, async (t) => {
  const here = await tempFolder('units');
  t.after(() => here.remove());
  for (const name of units) {
    const text = readFileSync(join(folder, name), 'utf8')
      .replaceAll('/opt/tributary', repository)
      .replaceAll(/^(User|Group)=tributary$/gm, '$1=root');
    writeFileSync(join(here.path, name), text);
  }
  const paths = units.map((name) => join(here.path, name));
  const verify = (...files: readonly string[]) => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${here.path}:` },
    });
    return { status, said: stderr.split('\n').filter((line) => line.includes(here.path)) };
  };
  assert.deepEqual(verify(...paths), { status: 0, said: [] });
  const broken = join(here.path, 'broken.service');
  writeFileSync(broken, '[Service]\nExecStart=/nowhere\nNoSuchKey=1\n');
  assert.notDeepEqual(verify(broken), { status: 0, said: [] }, 'it can fail');
});

test('the units are locked in: an exposure of 2 or less', { skip }, () => {
  for (const name of units.filter((unit) => unit.endsWith('.service'))) {
    const check = ['security', '--offline=true', '--no-pager', '--threshold=20'];
    const { status, stdout } = spawnSync('systemd-analyze', [...check, join(folder, name)], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /Overall exposure level/);
  }
});

test('the node is stopped as it wants to be, and not started again when somebody must act first', () => {
  const unit = readFileSync(join(folder, 'tributary.service'), 'utf8');
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
  assert.equal(value('KillMode'), 'mixed');
  // limits.stopMs is 8 seconds.
  assert.ok(Number(value('TimeoutStopSec')) > 8);
  assert.equal(value('RestartPreventExitStatus'), '78');
  assert.ok(Number(value('LimitNOFILE')) >= 65_536);
  assert.equal(value('StateDirectory'), 'tributary');
  assert.match(unit, /^Environment=.*TRIBUTARY_DATA=\/var\/lib\/tributary\b/m);
});

test('the units name only keys that the configuration has', () => {
  for (const name of units) {
    assert.deepEqual(unknownKeys(readFileSync(join(folder, name), 'utf8')), [], name);
  }
});
