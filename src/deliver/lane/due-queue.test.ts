import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random as seeded } from '../../core/testing/random.ts';
import { DueQueue } from './due-queue.ts';
import { newItem } from './lane-item.ts';

function item(offset: number, nextAttempt: number) {
  const made = newItem(offset, [], { input: 0, item: 0 });
  made.retries.nextAttempt = nextAttempt;
  return made;
}

function drain(queue: DueQueue, now: number): number[] {
  const offsets: number[] = [];
  for (let next = queue.take(now); next; next = queue.take(now)) offsets.push(next.offset);
  return offsets;
}

test('what is due comes oldest first, whenever it became due; the rest waits', () => {
  const queue = new DueQueue();
  for (const [offset, at] of [
    [5, 10],
    [3, 20],
    [9, 0],
    [1, 30],
  ] as const) {
    queue.push(item(offset, at));
  }
  assert.equal(queue.next, 0);
  assert.deepEqual(drain(queue, 20), [3, 5, 9]);
  assert.equal(queue.next, 30);
  queue.ripen();
  assert.deepEqual(drain(queue, 0), [1]);
  assert.equal(queue.next, undefined);
});

test('the oldest of all is taken out for good, due or not', () => {
  const random = seeded(7).next;
  for (let round = 0; round < 50; round += 1) {
    const queue = new DueQueue();
    const offsets = Array.from({ length: 40 }, () => Math.floor(random() * 1_000_000));
    for (const offset of offsets) queue.push(item(offset, Math.floor(random() * 3) * 100));
    const taken = Array.from({ length: 10 }, () => queue.takeOldest()?.offset);
    const sorted = offsets.toSorted((a, b) => a - b);
    assert.deepEqual(taken, sorted.slice(0, 10));
    assert.deepEqual(drain(queue, 200), sorted.slice(10));
  }
});

test('what finished meanwhile falls out, what is at work is not given out', () => {
  const queue = new DueQueue();
  const [one, two, three] = [item(1, 0), item(2, 5), item(3, 5)];
  for (const each of [one, two, three]) queue.push(each);
  one.finished = true;
  two.sending = true;
  assert.deepEqual(drain(queue, 9), [3]);
});

test('an event still at work is not lost', () => {
  const queue = new DueQueue();
  const one = item(1, 0);
  one.sending = true;
  queue.push(one);
  assert.equal(queue.take(0), undefined);
  assert.equal(queue.takeOldest(), undefined);
  one.sending = false;
  assert.equal(queue.take(0), one);
});
