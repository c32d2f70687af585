import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDue } from './is-due.ts';

const at = (text: string) => Date.parse(text);

test('a period is due at once, and again when it is over', () => {
  const schedule = { strategy: 'PERIODIC', everyMs: 60_000 } as const;
  assert.equal(isDue(schedule, undefined, 0, 5), true);
  assert.equal(isDue(schedule, 1_000, 0, 60_999), false);
  assert.equal(isDue(schedule, 1_000, 0, 61_000), true);
});

test('an hour of the week is due once after it was there, also when the server was down then', () => {
  const schedule = {
    strategy: 'SPECIFIC_DAYS',
    days: [6],
    hours: [9, 18],
    timezone: 'UTC',
  } as const;
  const before = at('2026-11-21T08:59:59Z');
  const due = (last: number | undefined, now: string) => isDue(schedule, last, before, at(now));
  assert.equal(due(undefined, '2026-11-21T08:59:59Z'), false);
  assert.equal(due(undefined, '2026-11-21T09:00:01Z'), true);
  assert.equal(due(at('2026-11-21T09:00:01Z'), '2026-11-21T17:59:00Z'), false);
  assert.equal(due(at('2026-11-21T09:00:01Z'), '2026-11-21T20:00:00Z'), true);
  assert.equal(due(at('2026-11-21T18:00:01Z'), '2026-11-22T09:00:00Z'), false);
});
