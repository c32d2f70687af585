import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDelay, type RetryQuestion, standardRetryTimes } from './retry-schedule.ts';

function delay(more: Partial<RetryQuestion>): number | undefined {
  const question = { attempts: 1, elapsedMs: 0, retryAfterMs: undefined, random: 1, ...more };
  return nextDelay(question, standardRetryTimes);
}

test('delays double from a second to ten minutes, and half of each is jitter', () => {
  assert.equal(delay({ attempts: 1 }), 1_000);
  assert.equal(delay({ attempts: 5 }), 16_000);
  assert.equal(delay({ attempts: 11 }), 600_000);
  assert.equal(delay({ attempts: 5_000 }), 600_000);
  assert.equal(delay({ attempts: 5, random: 0 }), 8_000);
});

test('the last attempt falls on the end of the four hours; then there is none', () => {
  const fourHours = 4 * 3_600_000;
  assert.equal(delay({ attempts: 30, elapsedMs: fourHours - 1_000 }), 1_000);
  assert.equal(delay({ attempts: 30, elapsedMs: fourHours }), undefined);
});

test('a longer Retry-After wins, within its bound; a shorter one does not', () => {
  assert.equal(delay({ retryAfterMs: 90_000 }), 90_000);
  assert.equal(delay({ retryAfterMs: 10 }), 1_000);
  assert.equal(delay({ retryAfterMs: 1e12 }), 3_600_000);
});
