import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeSpread } from './time-spread.ts';

test('the average is exact, and a percentile at most a quarter above', () => {
  const spread = new TimeSpread();
  for (let ms = 1; ms <= 1_000; ms++) spread.add(ms);
  assert.equal(spread.average, 500.5);
  const p95 = spread.percentile(0.95);
  assert.ok(p95 >= 950 && p95 <= 950 * 1.25, String(p95));
});

test('nothing is 0, and so is what was too quick to measure', () => {
  const spread = new TimeSpread();
  assert.deepEqual([spread.average, spread.percentile(0.95)], [0, 0]);
  spread.add(-5);
  assert.deepEqual([spread.average, spread.count], [0, 1]);
});

test('times that were stored add up', () => {
  const spread = new TimeSpread();
  spread.add(100);
  const other = new TimeSpread();
  other.add(300);
  other.merge(spread.toStored());
  assert.deepEqual([other.average, other.count], [200, 2]);
});
