import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { RateLimiter } from './rate-limiter.ts';

it('a token’s requests are counted anew each minute', () => {
  const clock = new ManualClock();
  const limiter = new RateLimiter(clock);
  assert.deepEqual(limiter.consume('a', 1), {
    allowed: true,
    consumed: 1,
    remaining: 0,
    resetMs: 60_000,
  });
  clock.advance(20_000);
  assert.deepEqual(limiter.consume('a', 1), {
    allowed: false,
    consumed: 2,
    remaining: 0,
    resetMs: 40_000,
  });
  assert.equal(limiter.consume('b', 1).allowed, true);
  clock.advance(40_000);
  assert.equal(limiter.consume('a', 1).allowed, true);
});
