import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cronMatches, parseCron } from './cron.ts';
import { parseInterval } from './interval.ts';

const matches = (spec: string, text: string, timezone = 'UTC') => {
  const cron = parseCron(spec);
  assert(cron !== undefined, `${spec} is an expression`);
  return cronMatches(cron, Date.parse(text), timezone);
};

test('an expression names minutes by lists, ranges, steps and words', () => {
  for (const [spec, yes, no] of [
    ['*/15 * * * *', '2026-11-21T10:45:00Z', '2026-11-21T10:46:00Z'],
    ['5/20 * * * *', '2026-11-21T10:25:00Z', '2026-11-21T10:20:00Z'],
    ['0 9-17/4 * * *', '2026-11-21T13:00:00Z', '2026-11-21T12:00:00Z'],
    ['30 8 * * mon-fri', '2026-11-20T08:30:00Z', '2026-11-21T08:30:00Z'],
    ['0 0 1 jan,jul *', '2026-07-01T00:00:00Z', '2026-08-01T00:00:00Z'],
    ['0 0 * * 7', '2026-11-22T00:00:00Z', '2026-11-21T00:00:00Z'],
    ['@hourly', '2026-11-21T04:00:30Z', '2026-11-21T04:01:00Z'],
  ] as const) {
    assert.equal(matches(spec, yes), true, `${spec} at ${yes}`);
    assert.equal(matches(spec, no), false, `${spec} at ${no}`);
  }
});

test('of two kinds of days one is enough, unless one of them is any', () => {
  assert.equal(matches('0 0 13 * 5', '2026-11-13T00:00:00Z'), true);
  assert.equal(matches('0 0 13 * 5', '2026-11-20T00:00:00Z'), true);
  assert.equal(matches('0 0 13 * 5', '2026-11-21T00:00:00Z'), false);
  assert.equal(matches('0 0 */2 * 5', '2026-11-20T00:00:00Z'), false);
});

test('an expression counts in its time zone, also over a change of the clocks', () => {
  assert.equal(matches('0 9 * * *', '2026-07-01T07:00:00Z', 'Europe/Berlin'), true);
  assert.equal(matches('0 9 * * *', '2026-12-01T08:00:00Z', 'Europe/Berlin'), true);
});

test('what is no expression is none', () => {
  for (const spec of ['', '* * * *', '60 * * * *', '* 24 * * *', 'a * * * *', '*/0 * * * *']) {
    assert.equal(parseCron(spec), undefined, spec);
  }
  for (const spec of ['5-1 * * * *', '1-2-3 * * * *', '1//2 * * * *', '* * 0 * *', '-1 * * * *']) {
    assert.equal(parseCron(spec), undefined, spec);
  }
});

test('an interval is a number of minutes, hours, days or weeks', () => {
  assert.equal(parseInterval('15m'), 15 * 60_000);
  assert.equal(parseInterval('1h'), 3_600_000);
  assert.equal(parseInterval('2d'), 2 * 86_400_000);
  assert.equal(parseInterval('1w'), 7 * 86_400_000);
  for (const text of ['', '15', '0m', '1s', 'h', '1.5h', '9999999w']) {
    assert.equal(parseInterval(text), undefined, text);
  }
});
