import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LaneMap } from './lane-map.ts';

test('the lanes of a connection are those that were set and not taken away', () => {
  const map = new LaneMap([
    ['c1/a', 1],
    ['c2/a', 2],
  ]);
  map.set('c1/b', 3).set('c1/a/replay', 4).set('c1/b', 5);
  assert.deepEqual(map.keysOf('c1'), ['c1/a', 'c1/b', 'c1/a/replay']);
  assert.equal(map.get('c1/b'), 5);
  map.delete('c1/a');
  map.delete('c1/a');
  map.delete('c2/a');
  assert.deepEqual(map.keysOf('c1'), ['c1/b', 'c1/a/replay']);
  assert.deepEqual(map.keysOf('c2'), []);
  assert.deepEqual([...map.connections()], ['c1']);
  assert.deepEqual([...map.keys()], ['c1/b', 'c1/a/replay']);
  map.clear();
  assert.deepEqual([...map.connections()], []);
});
