import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readsOnly } from './reads-only.ts';

test('one statement that reads is told from what changes something', () => {
  for (const sql of [
    'select 1',
    ' -- a note\n with x as (select 1) select * from x;',
    "select 'delete from t; insert into t' as words",
    'show tables',
  ]) {
    assert.equal(readsOnly(sql), true, sql);
  }
  for (const sql of [
    'drop table t',
    'select 1; drop table t',
    'with x as (select 1) insert into t select * from x',
    'with x as (select 1) /* */ merge  into t using x on true when matched then delete',
    'with x as (delete from t returning id) select * from x',
    'with x as (select 1) update t set a = 1',
    '/* select */ call p()',
  ]) {
    assert.equal(readsOnly(sql), false, sql);
  }
});
