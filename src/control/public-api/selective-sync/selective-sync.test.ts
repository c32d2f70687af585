import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import type { StateStore } from '../../../core/state.ts';
import type { WorkTables } from '../../../core/tables/work-tables.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

describe('selective sync', () => {
  let rig: ControlRig;
  let source: string;
  let warehouse: string;
  const clock = new ManualClock();
  let work: StateStore<WorkTables>;
  before(async () => {
    work = await freshStores().openWork();
    rig = await controlRig({ clock, work });
    source = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
  });
  beforeEach(async () => {
    const body = { metadataId: 'duckdb', settings: {} };
    warehouse = String((await rig.call('POST', '/warehouses', { body })).at('data.warehouse.id'));
  });
  after(async () => {
    await rig.close();
    await work.close();
  });

  const update = (...syncOverrides: object[]) =>
    rig.call('PATCH', `/warehouses/${warehouse}/selective-sync`, { body: { syncOverrides } });
  const items = async () => {
    const path = `/warehouses/${warehouse}/connected-sources/${source}/selective-syncs`;
    return (await rig.call('GET', path)).at('data.items');
  };
  const overrides = () =>
    rig.control.snapshot().warehouses?.find(({ id }) => id === warehouse)?.sources[0]?.overrides;

  it('loads everything until it is told otherwise', async () => {
    assert.deepEqual(await items(), []);
    assert.equal(overrides(), undefined);
  });

  it('is told of sources, collections and properties, and the data plane hears of it', async () => {
    const sourceId = source;
    const answer = await update(
      { sourceId, collection: 'tracks', enabled: false },
      { sourceId, collection: 'pages', property: 'referrer', enabled: false },
    );
    assert.deepEqual(answer.at('data'), { status: 'UPDATED', warnings: [] });
    const item = { sourceId, warehouseId: warehouse };
    assert.deepEqual(await items(), [
      { ...item, collection: 'tracks', enabled: false, properties: {} },
      { ...item, collection: 'pages', enabled: true, properties: { referrer: { enabled: false } } },
    ]);
    assert.deepEqual(overrides(), [
      { collection: 'tracks', enabled: false },
      { collection: 'pages', property: 'referrer', enabled: false },
    ]);
    await update({ sourceId, enabled: false });
    assert.partialDeepStrictEqual(await items(), [{ enabled: false }, { enabled: false }]);
    await update({ sourceId, enabled: true }, { sourceId, collection: 'tracks', enabled: true });
    assert.partialDeepStrictEqual(await items(), [{ enabled: true }, { enabled: true }]);
  });

  it('says when nothing changed, and leaves out a source that is not connected', async () => {
    const sourceId = source;
    const same = await update({ sourceId, collection: 'tracks', enabled: true });
    assert.equal(same.at('data.status'), 'UNCHANGED');
    const unknown = await update({ sourceId: 'none', enabled: false });
    assert.equal(unknown.at('data.status'), 'UNCHANGED');
    assert.match(String(unknown.at('data.warnings.0')), /'none' is not connected/);
    const path = `/warehouses/${warehouse}/connected-sources/none/selective-syncs`;
    assert.equal((await rig.call('GET', path)).status, 404);
  });

  it('loads a source that is switched on again from the last sync before it was switched off', async () => {
    const sourceId = source;
    const requests = () =>
      rig.control.snapshot().warehouses?.find(({ id }) => id === warehouse)?.requests;
    const connectedAt = clock.now();
    await update({ sourceId, enabled: false });
    assert.equal(requests(), undefined);
    clock.advance(3_600_000);
    await update({ sourceId, enabled: true });
    // No sync ran before it was switched off: from its connection on, up to when the back-fill runs.
    const [first, ...none] = requests() ?? [];
    assert.deepEqual(none, []);
    assert.partialDeepStrictEqual(first, { from: connectedAt, sourceId });
    assert.equal(first?.to, undefined);
    // That one still waits: switched off and on once more, both are one.
    const clocked = { warehouse, last_started: clock.now() + 3_600_000, failures: 0 };
    await work.db.insertInto('warehouse_clock').values(clocked).execute();
    clock.advance(7_200_000);
    await update({ sourceId, enabled: false });
    await update({ sourceId, enabled: true });
    const [both, ...more] = requests() ?? [];
    assert.deepEqual(more, []);
    assert.partialDeepStrictEqual(both, { from: connectedAt, sourceId });
    await work.db
      .insertInto('warehouse_request_end')
      .values({
        ...{ request: both?.id ?? '', warehouse, status: 'SUCCESS', rows_loaded: 0 },
        ...{ notices: '[]', started_at: 0, ended_at: 0 },
      })
      .execute();
    await update({ sourceId, enabled: false });
    await update({ sourceId, enabled: true });
    // A little is loaded once more: process may have been behind.
    const overlap = clocked.last_started - 600_000;
    assert.partialDeepStrictEqual(requests(), [{ from: overlap, sourceId }]);
    // While syncs fail, the last that succeeded counts.
    await work.db.updateTable('warehouse_clock').set({ failures: 2 }).execute();
    await work.db
      .insertInto('warehouse_sync')
      .values({
        ...{ id: `${warehouse}-s`, warehouse_id: warehouse, source_id: source, position: 1 },
        ...{ status: 'SUCCESS', started_at: clocked.last_started - 1_200_000, ended_at: 0 },
        ...{ rows_loaded: 1, notices: '[]' },
      })
      .execute();
    await update({ sourceId, enabled: false });
    await update({ sourceId, enabled: true });
    assert.partialDeepStrictEqual(requests(), [{ from: overlap - 1_200_000, sourceId }]);
  });

  it('loads collections and properties that are switched on again from then on, and no more', async () => {
    const sourceId = source;
    await update(
      { sourceId, collection: 'tracks', enabled: false },
      { sourceId, collection: 'pages', property: 'url', enabled: false },
    );
    await update(
      { sourceId, collection: 'tracks', enabled: true },
      { sourceId, collection: 'pages', property: 'url', enabled: true },
    );
    const config = rig.control.snapshot().warehouses?.find(({ id }) => id === warehouse);
    assert.equal(config?.requests, undefined);
  });

  it('takes a source that is connected again from its new connection on', async () => {
    const path = `/warehouses/${warehouse}/connected-sources/${source}`;
    await rig.call('DELETE', path);
    clock.advance(60_000);
    await rig.call('POST', path);
    const config = rig.control.snapshot().warehouses?.find(({ id }) => id === warehouse);
    const connected = config?.sources.find(({ sourceId }) => sourceId === source);
    assert.equal(connected?.since, clock.now());
    assert.equal(config?.requests, undefined);
  });

  it('forgets what it was told of a source that is disconnected', async () => {
    await update({ sourceId: source, collection: 'tracks', enabled: false });
    const path = `/warehouses/${warehouse}/connected-sources/${source}`;
    await rig.call('DELETE', path);
    await rig.call('POST', path);
    assert.deepEqual(await items(), []);
  });

  it('refuses a property without its collection, and too many overrides', async () => {
    const lone = await update({ sourceId: source, property: 'email', enabled: false });
    assert.deepEqual([lone.status, lone.at('errors.0.field')], [422, 'syncOverrides.0.collection']);
    const many = Array.from({ length: limits.syncOverrides + 1 }, (_, index) => ({
      ...{ sourceId: source, collection: `c${index}`, enabled: false },
    }));
    const refused = await update(...many);
    assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'syncOverrides']);
  });

  it('has a schedule of hours in a time zone, which a PUT replaces whole', async () => {
    const path = `/warehouses/${warehouse}/advanced-sync-schedule`;
    assert.deepEqual((await rig.call('GET', path)).at('data'), { enabled: false });
    const schedule = {
      times: [
        { hourOfDay: 6, enabled: true },
        { hourOfDay: 18, enabled: false },
      ],
      timezone: 'Europe/Berlin',
    };
    const put = await rig.call('PUT', path, { body: { enabled: true, schedule } });
    assert.deepEqual(put.at('data'), { enabled: true, schedule });
    assert.deepEqual((await rig.call('GET', path)).at('data'), { enabled: true, schedule });
    const inForce = () => rig.control.snapshot().warehouses?.find(({ id }) => id === warehouse);
    assert.deepEqual(inForce()?.schedule, { enabled: true, ...schedule, setAt: clock.now() });
    await rig.call('PUT', path, { body: { enabled: false } });
    assert.deepEqual((await rig.call('GET', path)).at('data'), { enabled: false });
    assert.equal(inForce()?.schedule, undefined);
  });

  it('refuses a schedule that names no hours, an hour twice or beyond the day, or no zone', async () => {
    const put = async (body: object) => {
      const path = `/warehouses/${warehouse}/advanced-sync-schedule`;
      const answer = await rig.call('PUT', path, { body });
      assert.equal(answer.status, 422);
      return answer.at('errors.0.field');
    };
    const at = (...hours: number[]) => hours.map((hourOfDay) => ({ hourOfDay, enabled: true }));
    const schedule = (times: object[], timezone = 'UTC') => ({
      ...{ enabled: true, schedule: { times, timezone } },
    });
    assert.equal(await put({ enabled: true }), 'schedule');
    assert.equal(await put(schedule(at(1, 2, 1))), 'schedule.times.2.hourOfDay');
    assert.equal(await put(schedule(at(24))), 'schedule.times.0.hourOfDay');
    assert.equal(await put(schedule(at(1), 'Nowhere')), 'schedule.timezone');
    assert.equal(await put(schedule(at(1), '+02:00')), 'schedule.timezone');
  });

  it('shows what syncs reported, newest first, those that run with no end', async () => {
    const paths = ['', `/connected-sources/${source}`].map(
      (part) => `/warehouses/${warehouse}${part}/syncs`,
    );
    for (const path of paths)
      assert.deepEqual((await rig.call('GET', path)).at('data.reports'), []);
    const start = clock.now();
    const report = (id: string, position: number, ended: number | null) =>
      work.db
        .insertInto('warehouse_sync')
        .values({
          ...{ id, warehouse_id: warehouse, source_id: source, position },
          ...{ status: ended === null ? 'RUNNING' : 'SUCCESS', started_at: start, ended_at: ended },
          ...{ rows_loaded: 7, notices: '[]' },
        })
        .execute();
    await report(`${warehouse}-1`, 1, start + 3_723_500);
    await report(`${warehouse}-2`, 2, null);
    clock.advance(61_000);
    for (const path of paths) {
      const answer = await rig.call('GET', path);
      assert.partialDeepStrictEqual(answer.at('data.reports'), [
        { status: 'RUNNING', end: null, duration: 61, humanDuration: '1m 1s' },
        {
          ...{ status: 'SUCCESS', sourceId: source, duration: 3_723.5, count: 7, notices: [] },
          humanDuration: '1h 2m 3s',
        },
      ]);
      const page = await rig.call('GET', `${path}?pagination[count]=1`);
      const next = `${path}?pagination[count]=1&pagination[cursor]=${page.at('data.pagination.next')}`;
      assert.equal((await rig.call('GET', next)).at('data.reports.0.status'), 'SUCCESS');
    }
  });
});
