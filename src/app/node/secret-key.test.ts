import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readConfig } from '../config/config.ts';
import { makeSecretBox, readSecretBox } from './secret-key.ts';

describe('the secret key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-key-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret-key');
  const configured = async (more = {}) =>
    (await readConfig({ TRIBUTARY_DATA: folder, ...more })).config;

  it('is missing to a process that only reads until control has made it, once, for its owner only', async () => {
    const config = await configured();
    assert.throws(() => readSecretBox(config), { code: 'config_invalid' });
    const sealed = makeSecretBox(config).seal('text', 'owner');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(file, 'utf8'), /^[0-9a-f]{64}\n$/);
    assert.equal(makeSecretBox(config).open(sealed, 'owner'), 'text');
    assert.equal(readSecretBox(config).open(sealed, 'owner'), 'text');
  });

  it('is the configured one before that of the file', async () => {
    const config = await configured({ TRIBUTARY_SECRET_KEY: 'k'.repeat(32) });
    const sealed = makeSecretBox(config).seal('text', 'owner');
    assert.equal(readSecretBox(await configured()).open(sealed, 'owner'), undefined);
    const short = configured({ TRIBUTARY_SECRET_KEY: 'k'.repeat(31) });
    await assert.rejects(short, /secretKey: must have at least 32 characters/);
  });

  it('that is damaged is said to be so, never replaced', async () => {
    writeFileSync(file, 'short');
    const config = await configured();
    assert.throws(() => makeSecretBox(config), /is damaged/);
    assert.equal(readFileSync(file, 'utf8'), 'short');
  });
});
