import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { queryDuckdb } from './query-duckdb.ts';

const options = { rows: 10, offset: 0, timeoutMs: 60_000 };

test('a query reads and does nothing else, also where it explains what it runs', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-query-'));
  const instance = await DuckDBInstance.create(':memory:');
  const setUp = await instance.connect();
  t.after(async () => {
    setUp.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  });
  await setUp.run('create table t as select range n from range(5); create sequence s');
  const query = async (sql: string) => {
    const connection = await instance.connect();
    try {
      return await queryDuckdb(connection, sql, options);
    } finally {
      connection.closeSync();
    }
  };
  const file = join(folder, 'out');
  for (const sql of [
    'delete from t',
    'explain analyze delete from t',
    'EXPLAIN  ANALYZE\n delete from t',
    'explain (analyze) delete from t',
    'explain (analyze, format json) delete from t',
    'explain /* */ analyze delete from t',
    '/* */ explain analyze delete from t',
    `copy t to '${file}'`,
    `explain analyze copy t to '${file}'`,
    `explain (analyze) copy t to '${file}'`,
    `explain analyze copy (select 1) to '${file}'`,
    "select nextval('s')",
    'commit',
    'select 1; select 2',
    '',
  ]) {
    await assert.rejects(query(sql), { code: 'input_validation' }, sql);
  }
  assert.deepEqual(await readdir(folder), []);
  assert.deepEqual((await query('select count(*) from t')).rows, [[5]]);
  assert.deepEqual((await query('from t where n > 3')).rows, [[4]]);
  for (const sql of ['explain select * from t', 'explain analyze select * from t']) {
    assert.ok((await query(sql)).rows.length > 0, sql);
  }
});
