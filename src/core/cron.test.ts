import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cronMatches, nextCronMoment, parseCron } from './cron.ts';
import { intervalText, parseInterval } from './interval.ts';

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

const next = (spec: string, text: string, timezone = 'UTC') => {
  const cron = parseCron(spec);
  assert(cron !== undefined, `${spec} is an expression`);
  const at = nextCronMoment(cron, Date.parse(text), timezone);
  return at === undefined ? undefined : new Date(at).toISOString();
};

test('the next moment is the first after the one given that the expression names', () => {
  for (const [spec, from, to, zone] of [
    ['*/15 * * * *', '2026-11-21T10:45:00Z', '2026-11-21T11:00:00.000Z'],
    ['* * * * *', '2026-11-21T10:45:59.999Z', '2026-11-21T10:46:00.000Z'],
    ['0 6 * * *', '2026-11-21T06:00:00Z', '2026-11-22T06:00:00.000Z'],
    ['7 3 29 2 *', '2026-11-21T06:00:00Z', '2028-02-29T03:07:00.000Z'],
    ['59 23 31 12 *', '2026-11-21T06:00:00Z', '2026-12-31T23:59:00.000Z'],
    ['0 9 * * mon', '2026-11-21T06:00:00Z', '2026-11-23T03:15:00.000Z', 'Asia/Kathmandu'],
    // Berlin puts its clocks forward at 2:00 on 2027-03-28, and back at 3:00 on 2026-10-25.
    ['30 2 * * *', '2027-03-27T12:00:00Z', '2027-03-29T00:30:00.000Z', 'Europe/Berlin'],
    ['30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00.000Z', 'Europe/Berlin'],
    ['0 23 * * *', '2027-03-27T22:30:00Z', '2027-03-28T21:00:00.000Z', 'Europe/Berlin'],
  ] as const) {
    assert.equal(next(spec, from, zone), to, `${spec} after ${from}`);
  }
  assert.equal(next('0 0 30 2 *', '2026-11-21T06:00:00Z'), undefined);
});

test('the next moment is the one that is found minute by minute', () => {
  const zones = ['UTC', 'America/St_Johns', 'Australia/Lord_Howe', 'Europe/Berlin'];
  const specs = ['13 */7 * * *', '0,45 1-3 * 3,10 0', '5 0 1,15 * 3', '30 21-23 * * *'];
  const minute = 60_000;
  for (const zone of zones) {
    for (const spec of specs) {
      const cron = parseCron(spec);
      assert(cron !== undefined);
      // A week in which most zones change their clocks.
      const first = Date.parse('2027-03-25T00:00:00Z');
      const named = Array.from({ length: 6 * 24 * 60 }, (_, at) => first + at * minute).filter(
        (at) => cronMatches(cron, at, zone),
      );
      for (const [index, at] of named.entries()) {
        const before = named[index - 1] ?? first - minute;
        assert.equal(nextCronMoment(cron, before, zone), at, `${spec} in ${zone}`);
      }
    }
  }
});

test('an interval is written as it is read', () => {
  for (const text of ['1m', '90m', '1h', '36h', '2d', '1w']) {
    assert.equal(intervalText(parseInterval(text) ?? 0), text);
  }
});
