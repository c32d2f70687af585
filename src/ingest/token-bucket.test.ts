import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBucket } from './token-bucket.ts';

test('over any stretch no more requests pass than the rate and one second of it', () => {
  const bucket = new TokenBucket(1_000, 0);
  let passed = 0;
  for (let now = 0; now <= 5_000; now += 0.25) if (bucket.take(now)) passed++;
  assert.ok(passed <= 6_000, String(passed));
  assert.ok(passed >= 5_990, String(passed));
});

test('a rate below one a second still lets requests pass, and says how long to wait', () => {
  const bucket = new TokenBucket(0.1, 0);
  assert.equal(bucket.take(0), true);
  assert.equal(bucket.take(1_000), false);
  assert.equal(bucket.waitSeconds, 9);
  assert.equal(bucket.take(10_000), true);
});

test('the time to wait is never said to be longer than 300 seconds', () => {
  const bucket = new TokenBucket(0.001, 0);
  bucket.take(0);
  assert.equal(bucket.take(1), false);
  assert.equal(bucket.waitSeconds, 300);
});

test('a lower rate takes away what is above its second at once', () => {
  const bucket = new TokenBucket(100, 0);
  bucket.setRate(2, 0);
  assert.deepEqual(
    [1, 2, 3].map(() => bucket.take(0)),
    [true, true, false],
  );
  bucket.setRate(0, 0);
  assert.equal(bucket.take(0), true);
});
