import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSyncAt, planOf } from './next-sync.ts';
import type { SyncPlan, SyncSchedule } from './snapshot.ts';

const at = (text: string) => Date.parse(text);
const minute = 60_000;
const ran = { lastStarted: at('2026-11-21T10:00:00Z'), failures: 0 };
const planned = (plan: SyncPlan, setAt = 0): SyncSchedule => ({
  ...{ enabled: false, times: [], timezone: 'UTC' },
  ...{ plan, setAt },
});

test('without a schedule the next sync is the default of its kind after the last, and the first does not wait', () => {
  assert.equal(nextSyncAt(undefined, minute, ran), ran.lastStarted + minute);
  assert.equal(nextSyncAt(undefined, minute, ran, 5 * minute), ran.lastStarted + 6 * minute);
  assert.equal(nextSyncAt(undefined, minute, undefined), 0);
});

test('a plan counts in place of the default: an interval, an expression in its zone, days, or nothing', () => {
  const next = (plan: SyncPlan) => nextSyncAt(planned(plan), minute, ran);
  assert.equal(next({ strategy: 'PERIODIC', everyMs: 15 * minute }), at('2026-11-21T10:15:00Z'));
  assert.equal(
    next({ strategy: 'CRON', spec: '30 6 * * *', timezone: 'Europe/Berlin' }),
    at('2026-11-22T05:30:00Z'),
  );
  assert.equal(
    next({ strategy: 'SPECIFIC_DAYS', days: [1], hours: [9, 18], timezone: 'UTC' }),
    at('2026-11-23T09:00:00Z'),
  );
  assert.equal(next({ strategy: 'MANUAL' }), undefined);
  assert.equal(nextSyncAt(planned({ strategy: 'MANUAL' }), minute, undefined), undefined);
});

test('what was due before a plan was set is not made up for, what a stopped server missed is', () => {
  const daily = { strategy: 'CRON', spec: '0 9 * * *', timezone: 'UTC' } as const;
  const long = { lastStarted: at('2026-11-18T10:00:00Z'), failures: 0 };
  assert.equal(
    nextSyncAt(planned(daily, at('2026-11-21T12:00:00Z')), minute, long),
    at('2026-11-22T09:00:00Z'),
  );
  assert.equal(nextSyncAt(planned(daily), minute, long), at('2026-11-19T09:00:00Z'));
});

test('after failures the next try is later each time, up to an hour, whatever the schedule', () => {
  const daily = planned({ strategy: 'CRON', spec: '0 9 * * *', timezone: 'UTC' });
  const after = (failures: number) =>
    ((nextSyncAt(daily, 60 * minute, { ...ran, failures }) ?? 0) - ran.lastStarted) / minute;
  assert.deepEqual([1, 2, 3, 20].map(after), [1, 2, 4, 60]);
  assert.equal(
    nextSyncAt(planned({ strategy: 'MANUAL' }), minute, { ...ran, failures: 3 }),
    undefined,
  );
});

test('hours of the day are an expression; switched off, the default holds; all of them off, nothing is asked for', () => {
  const times = [
    { hourOfDay: 18, enabled: true },
    { hourOfDay: 6, enabled: true },
    { hourOfDay: 12, enabled: false },
  ];
  const timezone = 'Europe/Berlin';
  assert.deepEqual(planOf({ enabled: true, times, timezone }), {
    ...{ strategy: 'CRON', spec: '0 6,18 * * *', timezone },
  });
  assert.equal(planOf({ enabled: false, times, timezone }), undefined);
  assert.deepEqual(planOf({ enabled: true, times: [], timezone }), { strategy: 'MANUAL' });
});
