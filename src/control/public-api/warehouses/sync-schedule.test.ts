import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { StateStore } from '../../../core/state.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('the schedule of a warehouse', () => {
  let rig: ControlRig;
  let warehouse: string;
  const clock = new ManualClock();
  let work: StateStore<WorkTables>;
  before(async () => {
    work = await freshStores().openWork();
    rig = await controlRig({
      clock,
      work,
      syncEveryMs: ({ slug }) => (slug === 'duckdb' ? 60_000 : 3_600_000),
    });
  });
  beforeEach(async () => {
    const body = { metadataId: 'duckdb', settings: {} };
    warehouse = String((await rig.call('POST', '/warehouses', { body })).at('data.warehouse.id'));
  });
  after(async () => {
    await rig.close();
    await work.close();
  });

  const path = () => `/warehouses/${warehouse}/sync-schedule`;
  const put = (strategy: string, config?: object) =>
    rig.call('PUT', path(), { body: { schedule: { strategy, ...(config && { config }) } } });
  const inForce = () =>
    rig.control.snapshot().warehouses?.find(({ id }) => id === warehouse)?.schedule;
  const iso = (at: number) => new Date(at).toISOString();
  const ran = (failures = 0) =>
    work.db
      .insertInto('warehouse_clock')
      .values({ warehouse, last_started: clock.now(), failures })
      .execute();

  it('is the default of its kind until one is set, with the next sync', async () => {
    const first = await rig.call('GET', path());
    assert.deepEqual(first.at('data'), {
      schedule: { strategy: 'DEFAULT', config: { interval: '1m' } },
      ...{ lastSyncAt: null, nextSyncAt: iso(clock.now()), failures: 0 },
    });
    await ran();
    assert.partialDeepStrictEqual((await rig.call('GET', path())).at('data'), {
      ...{ lastSyncAt: iso(clock.now()), nextSyncAt: iso(clock.now() + 60_000) },
    });
  });

  it('is an interval, an expression or hours in a time zone, or nothing, at once', async () => {
    await ran();
    const every = await put('PERIODIC', { interval: '15m' });
    assert.partialDeepStrictEqual(every.at('data'), {
      schedule: { strategy: 'PERIODIC', config: { interval: '15m' } },
      nextSyncAt: iso(clock.now() + 15 * 60_000),
    });
    assert.deepEqual(inForce()?.plan, { strategy: 'PERIODIC', everyMs: 900_000 });
    const cron = { spec: '30 6 * * 1-5', timezone: 'Europe/Berlin' };
    // It is Friday the 20th, 10:00 UTC.
    assert.equal((await put('CRON', cron)).at('data.nextSyncAt'), '2026-11-23T05:30:00.000Z');
    assert.deepEqual(inForce()?.plan, { strategy: 'CRON', ...cron });
    const days = { days: [6], hours: [22], timezone: 'UTC' };
    const weekly = await put('SPECIFIC_DAYS', days);
    assert.equal(weekly.at('data.nextSyncAt'), '2026-11-21T22:00:00.000Z');
    assert.deepEqual(weekly.at('data.schedule.config'), days);
    assert.partialDeepStrictEqual((await put('MANUAL')).at('data'), {
      ...{ schedule: { strategy: 'MANUAL', config: null }, nextSyncAt: null },
    });
    assert.equal((await put('DEFAULT')).at('data.schedule.config.interval'), '1m');
    assert.equal(inForce(), undefined);
  });

  it('shows when a sync that failed is tried again, and of a warehouse that is off no next one', async () => {
    await ran(3);
    assert.partialDeepStrictEqual((await rig.call('GET', path())).at('data'), {
      ...{ failures: 3, nextSyncAt: iso(clock.now() + 4 * 60_000) },
    });
    await rig.call('PATCH', `/warehouses/${warehouse}`, { body: { enabled: false } });
    assert.equal((await rig.call('GET', path())).at('data.nextSyncAt'), null);
  });

  it('takes the place of hours that Segment’s operation set, and they of it', async () => {
    const hours = `/warehouses/${warehouse}/advanced-sync-schedule`;
    const times = [{ hourOfDay: 6, enabled: true }];
    const body = { enabled: true, schedule: { times, timezone: 'Asia/Tokyo' } };
    await rig.call('PUT', hours, { body });
    assert.deepEqual((await rig.call('GET', path())).at('data.schedule'), {
      ...{ strategy: 'CRON', config: { spec: '0 6 * * *', timezone: 'Asia/Tokyo' } },
    });
    await put('PERIODIC', { interval: '6h' });
    assert.deepEqual((await rig.call('GET', hours)).at('data'), { enabled: false });
    await rig.call('PUT', hours, { body });
    assert.deepEqual((await rig.call('GET', hours)).at('data'), body);
  });

  it('is refused when it says nothing, or names no moment that ever comes', async () => {
    for (const [strategy, config, field, reason] of [
      ['PERIODIC', { interval: '10s' }, '.interval', /"10s".*1m or more/],
      ['PERIODIC', undefined, '', /does not fit the strategy PERIODIC/],
      ['CRON', { spec: 'every day', timezone: 'UTC' }, '.spec', /"every day".*cron/],
      ['CRON', { spec: '0 6 * * *', timezone: 'Berlin' }, '.timezone', /"Berlin".*unknown/],
      ['CRON', { spec: '0 0 31 2 *', timezone: 'UTC' }, '', /names no moment/],
      ['SPECIFIC_DAYS', { days: [1], hours: [24], timezone: 'UTC' }, '', /does not fit/],
    ] as const) {
      const answer = await put(strategy, config);
      assert.deepEqual(
        [answer.status, answer.at('errors.0.field')],
        [422, `schedule.config${field}`],
      );
      assert.match(String(answer.at('errors.0.message')), reason);
    }
    assert.equal((await put('DBT_CLOUD', {})).status, 422);
  });
});
