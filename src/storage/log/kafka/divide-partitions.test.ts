import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dividePartitions } from './divide-partitions.ts';

type Owned = Readonly<Record<string, readonly number[]>>;

function once(count: number, owned: Owned): Owned {
  return Object.fromEntries(dividePartitions(count, new Map(Object.entries(owned))));
}

/** Rounds until nothing changes, as the group goes through them. */
function settled(count: number, owned: Owned): Owned {
  const next = once(count, owned);
  return JSON.stringify(next) === JSON.stringify(owned) ? next : settled(count, next);
}

test('one member gets everything', () => {
  assert.deepEqual(once(3, { a: [] }), { a: [0, 1, 2] });
});

test('what a newcomer is to get is nobody’s until its owner has given it up', () => {
  const first = once(4, { a: [0, 1, 2, 3], b: [] });
  assert.deepEqual(first, { a: [0, 1], b: [] });
  assert.deepEqual(once(4, first), { a: [0, 1], b: [2, 3] });
});

test('a newcomer gets its share also where nobody has more than the average, rounded up', () => {
  assert.deepEqual(settled(4, { a: [0, 1], b: [2, 3], c: [] }), { a: [0, 1], b: [2], c: [3] });
});

test('what a member had and may keep stays with it when others leave', () => {
  assert.deepEqual(settled(6, { a: [1, 4], b: [0, 3] }), { a: [1, 4, 2], b: [0, 3, 5] });
});

test('what two members claim is given away anew, and partitions that are no more are forgotten', () => {
  assert.deepEqual(settled(2, { a: [0, 1], b: [1, 7] }), { a: [0], b: [1] });
});

test('more members than partitions: the ones that are too many wait', () => {
  assert.deepEqual(settled(2, { a: [0, 1], b: [], c: [] }), { a: [0], b: [1], c: [] });
});

test('any groups of any size end evenly divided, with everything given away once', () => {
  for (let count = 1; count <= 13; count++) {
    for (let members = 1; members <= 7; members++) {
      const names = Array.from({ length: members }, (_, index) => `m${index}`);
      const before = settled(count, Object.fromEntries(names.map((name) => [name, []])));
      const after = settled(count, { ...before, new: [] });
      const sizes = Object.values(after).map(({ length }) => length);
      assert(Math.max(...sizes) - Math.min(...sizes) <= 1, JSON.stringify(after));
      const all = Object.values(after).flat();
      assert.equal(new Set(all).size, count);
      assert.equal(all.length, count);
      const moved = names.flatMap((name) =>
        before[name]?.filter((one) => !after[name]?.includes(one)),
      );
      assert.equal(moved.length, after['new']?.length, 'only what the newcomer gets has moved');
    }
  }
});
