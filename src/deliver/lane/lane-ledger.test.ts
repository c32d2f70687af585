import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordKinds } from '../../core/records.ts';
import { StoredEvent } from '../events/stored-event.ts';
import type { LaneItem } from './lane-item.ts';
import { type LaneChanges, LaneLedger, type SavedEvent } from './lane-ledger.ts';

const empty = { position: 0, stamp: { input: 0, item: -1 }, openMs: 0, parked: [] };

function take(ledger: LaneLedger, offset: number, ...keys: readonly string[]): void {
  const [u, a, p] = keys;
  const stored = new StoredEvent({
    offset,
    kind: recordKinds.event,
    source: 's',
    meta: JSON.stringify({ i: offset, n: 0, t: 0, type: 'track', id: `${offset}`, u, a, p }),
    body: Buffer.from('{}'),
  });
  const before = ledger.stamp;
  assert.ok(ledger.takeStamp({ input: offset, item: 0 }));
  if (!ledger.holds(offset)) ledger.admit(stored, before);
  ledger.readTo(offset + 1);
}

function ready(ledger: LaneLedger): LaneItem[] {
  const items: LaneItem[] = [];
  for (let item = ledger.takeReady(); item !== undefined; item = ledger.takeReady()) {
    items.push(item);
  }
  return items;
}

const offsets = (items: readonly { offset: number }[]) => items.map(({ offset }) => offset);

/** A store that holds what was committed. */
function applied(before: readonly SavedEvent[], changes: LaneChanges) {
  const rows = new Map(before.map((row) => [row.offset, row]));
  for (const row of changes.upserts) rows.set(row.offset, row);
  for (const offset of changes.deletes) rows.delete(offset);
  return { ...changes, openMs: 0, parked: [...rows.values()] };
}

test('an event with two keys is released once, by the last it waits for', () => {
  const ledger = new LaneLedger(empty);
  take(ledger, 1, 'u');
  take(ledger, 2, 'a');
  take(ledger, 3, 'u', 'a');
  take(ledger, 4, 'a', 'u');
  const [one, two] = ready(ledger);
  assert.ok(one && two);
  ledger.finish(two);
  assert.deepEqual(ready(ledger), []);
  ledger.finish(one);
  const [three, ...more] = ready(ledger);
  assert.ok(three);
  assert.deepEqual([three.offset, offsets(more)], [3, []]);
  ledger.finish(three);
  assert.deepEqual(offsets(ready(ledger)), [4]);
});

test('the same id in two fields is one key', () => {
  const ledger = new LaneLedger(empty);
  take(ledger, 1, 'x', 'x', 'x');
  take(ledger, 2, 'x');
  const [one] = ready(ledger);
  assert.ok(one);
  ledger.finish(one);
  assert.deepEqual(offsets(ready(ledger)), [2]);
});

test('the position passes what is finished or parked; what is under way before it gets a row', () => {
  const ledger = new LaneLedger(empty);
  for (const n of [1, 2, 3, 4]) take(ledger, n, `${n}`);
  const [one, two, three] = ready(ledger);
  assert.ok(one && two && three);
  assert.equal(ledger.collect().position, 1);
  ledger.finish(three);
  const changes = ledger.collect();
  assert.equal(changes.position, 4);
  assert.deepEqual(changes.stamp, { input: 3, item: 0 });
  assert.deepEqual(offsets(changes.upserts), [1, 2]);
  ledger.finish(one);
  const more = ledger.collect();
  assert.deepEqual([offsets(more.upserts), more.deletes, more.position], [[], [1], 4]);
  const restarted = new LaneLedger(applied(changes.upserts, more));
  assert.deepEqual(offsets(restarted.takeDue(0, 10)), [2]);
  take(restarted, 4, '4');
  assert.deepEqual(offsets(ready(restarted)), [4]);
});

test('parking an event parks what waits for it, along every chain', () => {
  const ledger = new LaneLedger(empty);
  take(ledger, 1, 'u');
  take(ledger, 2, 'u', 'a');
  take(ledger, 3, 'a');
  take(ledger, 4, 'b');
  const [one] = ready(ledger);
  assert.ok(one);
  one.retries.nextAttempt = 50;
  ledger.park(one);
  assert.equal(ledger.parkedCount, 3);
  take(ledger, 5, 'a');
  assert.equal(ledger.parkedCount, 4);
  assert.equal(one.stored, undefined);
  assert.deepEqual(ledger.takeDue(49, 10), []);
  assert.deepEqual(offsets(ledger.takeDue(50, 10)), [1]);
  ledger.finish(one);
  assert.deepEqual(offsets(ledger.takeDue(50, 10)), [2]);
});

test('the chains are the same after a restart', () => {
  const ledger = new LaneLedger(empty);
  take(ledger, 1, 'u');
  take(ledger, 2, 'u', 'a');
  take(ledger, 3, 'a');
  const [one] = ready(ledger);
  assert.ok(one);
  ledger.park(one);
  const restarted = new LaneLedger(applied([], ledger.collect()));
  take(restarted, 4, 'a');
  take(restarted, 5, 'z');
  assert.deepEqual(offsets(ready(restarted)), [5]);
  for (const expected of [1, 2, 3, 4]) {
    const due = restarted.takeDue(0, 10);
    assert.deepEqual(offsets(due), [expected]);
    if (due[0]) restarted.finish(due[0]);
  }
});

test('an event that has a row is not taken a second time', () => {
  const parked = [{ offset: 5, keys: ['x'], retries: retriesAt(0) }];
  const ledger = new LaneLedger({ ...empty, parked });
  take(ledger, 4, 'y');
  take(ledger, 5, 'x');
  assert.deepEqual([ledger.freshCount, ledger.parkedCount], [1, 1]);
});

test('a row ahead of the position, left by a crash between two transactions, is not taken again once it is finished', () => {
  const parked = [{ offset: 5, keys: ['x'], retries: retriesAt(0) }];
  const ledger = new LaneLedger({ ...empty, position: 4, parked });
  const [five] = ledger.takeDue(0, 1);
  assert.ok(five);
  ledger.finish(five);
  take(ledger, 4, 'y');
  take(ledger, 5, 'x');
  take(ledger, 6, 'x');
  assert.deepEqual(offsets(ready(ledger)), [4, 6]);
});

test('a failed commit is written again in full', () => {
  const ledger = new LaneLedger(empty);
  for (const n of [1, 2, 3]) take(ledger, n, `${n}`);
  const [one, , three] = ready(ledger);
  assert.ok(one && three);
  ledger.park(one);
  ledger.finish(three);
  const first = ledger.collect();
  assert.equal(ledger.isDirty, false);
  ledger.restore(first);
  assert.equal(ledger.isDirty, true);
  assert.deepEqual(offsets(ledger.collect().upserts), offsets(first.upserts));
});

test('the lowest offset needed is that of the oldest parked or unfinished event', () => {
  const parked = [{ offset: 3, keys: ['x'], retries: retriesAt(9) }];
  const ledger = new LaneLedger({ ...empty, position: 10, parked });
  assert.equal(ledger.neededFrom, 3);
  const [item] = ledger.takeDue(9, 1);
  assert.ok(item);
  ledger.finish(item);
  assert.equal(ledger.neededFrom, 10);
});

test('100,000 parked events take less than 100 MB', () => {
  const parked = Array.from({ length: 100_000 }, (_, n) => ({
    offset: n + 1,
    keys: [`user-${n}-0123456789abcdef`, `anonymous-${n}-0123456789abcdef`],
    retries: { ...retriesAt(n), lastError: 'HTTP 503' },
  }));
  const before = process.memoryUsage().heapUsed;
  const ledger = new LaneLedger({ ...empty, parked });
  assert.ok(process.memoryUsage().heapUsed - before < 100e6);
  assert.equal(ledger.parkedCount, parked.length);
});

function retriesAt(nextAttempt: number) {
  return { attempts: 1, firstAttempt: 1, nextAttempt, openMsBefore: 0, lastError: '' };
}
