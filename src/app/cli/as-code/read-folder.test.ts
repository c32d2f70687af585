import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFolder } from './read-folder.ts';

test('each unknown and each missing key of a file is told once, by its own name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'read-folder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'one.json');
  writeFileSync(path, JSON.stringify({ alerts: [{ name: 'quiet', bogus: 1, other: 2 }] }));
  assert.throws(
    () => readFolder(folder, {}),
    (problem: Error) => {
      const lines = problem.message.split('\n').filter((line) => !line.endsWith('is required'));
      assert.deepEqual(lines, [
        `${path}: "alerts.0.bogus" is not allowed`,
        `${path}: "alerts.0.other" is not allowed`,
      ]);
      assert.match(problem.message, /"alerts\.0\.metric" is required/);
      assert.doesNotMatch(problem.message, /undefined/);
      return true;
    },
  );
});
