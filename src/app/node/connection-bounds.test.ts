import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import { readConfig } from '../config/config.ts';
import { connectionBounds } from './connection-bounds.ts';

test('connections are held within the open files that the system allows, and a lower bound is said', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bounds-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'limits');
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (_: object, text: string) => warnings.push(text) };
  const { config } = await readConfig({ TRIBUTARY_MAX_CONNECTIONS_PER_ADDRESS: '7' });
  const bounds = (openFiles: string) => {
    writeFileSync(file, `Max processes             5 6 processes\n${openFiles}`);
    return connectionBounds(config, logger, file);
  };
  const line = (soft: string) => `Max open files            ${soft}   1048576    files \n`;
  assert.deepEqual(bounds(line('1048576')), { total: 10_000, perAddress: 7 });
  assert.deepEqual(bounds(line('unlimited')), { total: 10_000, perAddress: 7 });
  assert.deepEqual(bounds(''), { total: 10_000, perAddress: 7 });
  assert.equal(warnings.length, 0);
  assert.equal(bounds(line('4096')).total, 2_560);
  assert.equal(bounds(line('1024')).total, 512);
  assert.equal(warnings.length, 2);
  const nowhere = connectionBounds(config, logger, join(folder, 'missing'));
  assert.equal(nowhere.total, 10_000);
});
