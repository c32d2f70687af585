import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CountKey, CountList, otherName } from './count-list.ts';

const key: CountKey = { outcome: 'event', type: 'track', name: '', version: '', code: '' };

test('counts of one key add up, with their retries', () => {
  const list = new CountList(10);
  list.add({ ...key, name: 'A' }, 2, 3, 1);
  list.add({ ...key, name: 'A' }, 1, 1, 1);
  assert.deepEqual([...list], [{ ...key, name: 'A', count: 3, retries: 4, repeated: 2 }]);
});

test('of too many names the most frequent stay, and no count is lost', () => {
  const list = new CountList(5);
  for (let round = 0; round < 20; round++) {
    for (const name of ['a', 'b', 'c']) list.add({ ...key, name }, 10);
    for (let n = 0; n < 30; n++) list.add({ ...key, name: `${round}/${n}`, version: `${n}` }, 1);
  }
  const names = new Map([...list].map(({ name, count }) => [name, count]));
  for (const name of ['a', 'b', 'c']) assert.equal(names.get(name), 200);
  assert.ok(list.size <= 13, `${list.size} rows`);
  const total = [...list].reduce((sum, { count }) => sum + count, 0);
  assert.equal(total, 20 * 60);
  assert.ok([...list].some(({ name, version }) => name === otherName && version === otherName));
});

test('what has no name is never put among the others', () => {
  const list = new CountList(1);
  for (const type of ['page', 'identify', 'screen', 'group']) list.add({ ...key, type }, 1);
  assert.deepEqual(
    [...list].map(({ type }) => type),
    ['page', 'identify', 'screen', 'group'],
  );
});
