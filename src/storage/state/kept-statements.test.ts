import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { withKeptStatements } from './kept-statements.ts';

test('the same text is prepared once, as long as it is among the last ones used', () => {
  const database = withKeptStatements(new Database(':memory:'));
  const first = database.prepare('select 1');
  for (let n = 2; n <= 200; n += 1) database.prepare(`select ${n}`);
  assert.equal(database.prepare('select 1'), first);
  const second = database.prepare('select 2');
  for (let n = 1_000; n < 1_200; n += 1) database.prepare(`select ${n}`);
  assert.notEqual(database.prepare('select 2'), second);
  database.close();
});

test('a long text is not kept', () => {
  const database = withKeptStatements(new Database(':memory:'));
  const long = `select ${Array.from({ length: 2_000 }, (_, n) => n).join(', ')}`;
  assert.notEqual(database.prepare(long), database.prepare(long));
  database.close();
});

test('a kept statement sees a table that was changed since', () => {
  const database = withKeptStatements(new Database(':memory:'));
  const run = (sql: string) => database.prepare(sql).run([]);
  run('create table t (a)');
  run('insert into t values (1)');
  assert.deepEqual(database.prepare('select * from t').all([]), [{ a: 1 }]);
  run('alter table t add column b default 2');
  assert.deepEqual(database.prepare('select * from t').all([]), [{ a: 1, b: 2 }]);
  database.close();
});
