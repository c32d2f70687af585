import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { secretFile } from './secret-file.ts';

function stand(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-secret-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const errors: string[] = [];
  const logger: Logger = { ...silentLogger, error: (_fields, message) => errors.push(message) };
  const path = join(folder, 'secret');
  return { path, errors, open: (inUse: boolean) => secretFile(path, inUse, logger) };
}

test('the secret is made once, for its owner alone', (t) => {
  const { path, errors, open } = stand(t);
  const secret = open(false);
  assert.equal(secret.length, 16);
  assert.deepEqual(open(true), secret);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(errors, []);
});

test('a secret that was cut or emptied is replaced, and that is said', (t) => {
  for (const rest of ['', '\0'.repeat(33), 'a1b2', `${'a1'.repeat(15)}zz\n`]) {
    const { path, errors, open } = stand(t);
    writeFileSync(path, rest);
    const made = open(true);
    assert.equal(made.length, 16);
    assert.equal(readFileSync(path, 'utf8').trim(), made.toString('hex'));
    assert.equal(errors.length, 1);
  }
});

test('that a secret in use is gone is said', (t) => {
  const { errors, open } = stand(t);
  assert.equal(open(true).length, 16);
  assert.equal(errors.length, 1);
});
