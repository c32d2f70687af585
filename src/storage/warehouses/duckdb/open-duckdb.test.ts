import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { silentLogger } from '../../../core/logger.ts';
import { openDuckdb } from './open-duckdb.ts';

test('a file whose folder cannot be made is refused at once, in words', async () => {
  const options = { dataFolder: tmpdir(), tempFolder: tmpdir(), logger: silentLogger };
  await assert.rejects(openDuckdb({ path: '/proc/none/below/x.duckdb' }, options), {
    code: 'warehouse_failed',
    message: /^\/proc\/none\/below\/x\.duckdb cannot be opened: /,
  });
});
