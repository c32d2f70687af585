import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TributaryError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import type { Snapshot, SyncPlan, SyncRequest, WarehouseConfig } from '../../core/snapshot.ts';
import { ManualClock, settle } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import type { SyncJob, SyncResult } from '../sync/sync-job.ts';
import { LoadStore } from './load-store.ts';
import { startLoads } from './start-loads.ts';

const minute = 60_000;

type Answer = SyncResult | TributaryError;

/** Loads of one warehouse whose process says what the test wants. */
async function rig(more: Partial<WarehouseConfig> = {}) {
  const clock = new ManualClock();
  const store = await freshStores().openWork();
  const engine = await openMemoryLogEngine({ clock });
  const { writer } = await engine.openWriter('events', 0);
  const jobs: SyncJob[] = [];
  const answers: (Answer | Promise<Answer>)[] = [];
  let ids = 0;
  let isBusy = false;
  let processed: Promise<boolean> = Promise.resolve(true);
  let progress: (rows: Record<string, number>) => void = () => undefined;
  const config: WarehouseConfig = {
    ...{ id: 'w', slug: 'duckdb', enabled: true, settings: {} },
    sources: [{ sourceId: 's', since: 0 }],
    ...more,
  };
  let snapshot: Snapshot = {
    ...{ version: 1, workspace: { id: 'x', slug: 'x', name: 'x' }, sources: [], connections: [] },
    ...{ replays: [], warehouses: [config] },
  };
  let changed: () => void = () => undefined;
  const loads = startLoads({
    snapshot: {
      get current() {
        return snapshot;
      },
      subscribe: (listener) => {
        changed = () => listener(snapshot);
        return () => undefined;
      },
    },
    ...{ store, clock, logger: silentLogger },
    openReaders: async () => [await engine.openReader('events', 0)],
    process: {
      sync: async (job, signal, onProgress) => {
        jobs.push(job);
        onProgress({});
        progress = onProgress;
        const answer = await answers.shift();
        signal.throwIfAborted();
        if (answer instanceof TributaryError) throw answer;
        const end = writer.end;
        const reached = { 0: { cursor: end, upTo: end } };
        return answer ?? { rows: { s: 3 }, notices: [], isComplete: true, reached };
      },
      query: () => Promise.reject(new TributaryError('unavailable', 'not asked here')),
      export: () => Promise.reject(new TributaryError('unavailable', 'not asked here')),
      stop: async () => undefined,
    },
    untilProcessed: () => processed,
    isBusy: () => isBusy,
    everyMs: ({ slug }) => (slug === 'duckdb' ? minute : undefined),
    newId: () => `id${++ids}`,
  });
  const wait = async (ms: number) => {
    for (let past = 0; past < ms; past += 1_000)
      await clock.advanceSettling(Math.min(1_000, ms - past));
    await clock.advanceSettling(0);
    for (let turn = 0; turn < 10; turn++) await settle();
  };
  await wait(0);
  return {
    ...{ clock, jobs, answers, wait },
    setBusy: (value: boolean) => {
      isBusy = value;
    },
    setProcessed: (value: Promise<boolean>) => {
      processed = value;
    },
    progress: (rows: Record<string, number>) => progress(rows),
    store,
    change: async (change: Partial<WarehouseConfig>, ...others: readonly WarehouseConfig[]) => {
      const { version } = snapshot;
      const warehouses = [{ ...config, ...change }, ...others];
      snapshot = { ...snapshot, version: version + 1, warehouses };
      changed();
      await wait(2_000);
    },
    add: (source = 's') =>
      writer.append([{ kind: recordKinds.event, source, meta: '{}', body: Buffer.from('{}') }]),
    request: async (...requests: readonly SyncRequest[]) => {
      snapshot = { ...snapshot, version: 2, warehouses: [{ ...config, requests }] };
      changed();
      await wait(2_000);
    },
    reports: () => store.db.selectFrom('warehouse_sync').selectAll().orderBy('position').execute(),
    ends: () => store.db.selectFrom('warehouse_request_end').selectAll().execute(),
    stop: async () => {
      await loads.stop();
      await store.close();
    },
  };
}

test('a sync with nothing new opens no engine, nor do events of sources that are not connected', async () => {
  const { jobs, add, wait, reports, stop } = await rig();
  await wait(3 * minute);
  await add('another');
  await wait(3 * minute);
  assert.equal(jobs.length, 0);
  assert.deepEqual(await reports(), []);
  await add();
  await wait(minute + 10_000);
  assert.equal(jobs.length, 1);
  await wait(3 * minute);
  assert.equal(jobs.length, 1);
  await stop();
});

test('while the node is busy with events a sync by interval waits, but not for ever, and what is asked for does not', async () => {
  const { jobs, add, wait, request, setBusy, stop } = await rig();
  setBusy(true);
  await add();
  await wait(10 * minute);
  assert.equal(jobs.length, 0);
  await wait(1 * minute + 10_000);
  assert.equal(jobs.length, 1);
  await add();
  await request({ id: 'r' });
  assert.equal(jobs.length, 2);
  await add();
  setBusy(false);
  await wait(1 * minute + 10_000);
  assert.equal(jobs.length, 3);
  await stop();
});

test('a sync reports its sources with rows, duration and notices', async () => {
  const { answers, add, wait, reports, stop, clock } = await rig();
  const notices = [{ level: 'warning', message: 'something' }] as const;
  answers.push({ rows: { s: 7 }, notices, isComplete: true, reached: {} });
  await add();
  await wait(minute + 10_000);
  const [report] = await reports();
  assert.partialDeepStrictEqual(report, { warehouse_id: 'w', source_id: 's', status: 'SUCCESS' });
  assert.equal(Number(report?.rows_loaded), 7);
  const [notice] = JSON.parse(report?.notices ?? '[]');
  assert.equal(notice.message, 'something');
  assert.ok(Date.parse(notice.createdAt) <= clock.now());
  await stop();
});

test('a failure is reported in words and tried again, later each time', async () => {
  const { jobs, answers, add, wait, reports, stop } = await rig();
  const failure = new TributaryError('warehouse_failed', 'PostgreSQL: no route to host');
  answers.push(failure, failure, failure);
  await add();
  await wait(minute + 10_000);
  assert.equal(jobs.length, 1);
  const [report] = await reports();
  assert.equal(report?.status, 'FAILURE');
  assert.match(report?.notices ?? '', /no route to host/);
  await wait(minute + 10_000);
  assert.equal(jobs.length, 2);
  await wait(minute + 10_000);
  assert.equal(jobs.length, 2);
  await wait(minute);
  assert.equal(jobs.length, 3);
  await wait(5 * minute);
  assert.equal((await reports()).at(-1)?.status, 'SUCCESS');
  await stop();
});

test('a schedule of hours is kept to, in its time zone', async () => {
  const times = [{ hourOfDay: 14, enabled: true }];
  // 14:00 in Helsinki is 12:00 UTC; it is 10:00.
  const { jobs, add, wait, stop, clock } = await rig({
    schedule: { enabled: true, times, timezone: 'Europe/Helsinki' },
  });
  // The first sync does not wait.
  await add();
  await wait(10 * minute);
  assert.equal(jobs.length, 0);
  while (clock.now() < Date.UTC(2026, 10, 20, 12)) await wait(5 * minute);
  await wait(minute);
  assert.equal(jobs.length, 1);
  await stop();
});

test('a schedule that is set, changed or taken back is in force within a second', async () => {
  const { jobs, add, wait, change, clock, stop } = await rig();
  const planned = (plan: SyncPlan) =>
    change({
      schedule: { enabled: false, times: [], timezone: 'UTC', plan, setAt: clock.now() },
    });
  await planned({ strategy: 'MANUAL' });
  await add();
  await wait(10 * minute);
  assert.equal(jobs.length, 0);
  // The last sync, which had nothing to do, was longer ago.
  await planned({ strategy: 'PERIODIC', everyMs: 5 * minute });
  assert.equal(jobs.length, 1);
  await add();
  await wait(4 * minute);
  assert.equal(jobs.length, 1);
  await wait(minute);
  assert.equal(jobs.length, 2);
  // It is 10:15 UTC, and some seconds; in Kathmandu it is 16:00.
  await planned({ strategy: 'CRON', spec: '5 16 * * *', timezone: 'Asia/Kathmandu' });
  await add();
  while (clock.now() < Date.UTC(2026, 10, 20, 10, 19, 50)) await wait(1_000);
  assert.equal(jobs.length, 2);
  await wait(20_000);
  assert.equal(jobs.length, 3);
  await add();
  await wait(5 * minute);
  assert.equal(jobs.length, 3);
  await change({});
  assert.equal(jobs.length, 4);
  await stop();
});

test('while a sync runs its sources are shown so, with what they have by now; then with what came of it', async () => {
  const sources = ['s', 't'].map((sourceId) => ({ sourceId, since: 0 }));
  const { answers, add, wait, reports, progress, stop } = await rig({ sources });
  const { promise, resolve } = Promise.withResolvers<SyncResult>();
  answers.push(promise);
  await add();
  await wait(minute + 10_000);
  progress({ t: 5 });
  await wait(1_000);
  const shown = async () =>
    (await reports()).map((one) => [one.source_id, one.status, Number(one.rows_loaded)]);
  assert.deepEqual(await shown(), [
    ['s', 'RUNNING', 0],
    ['t', 'RUNNING', 5],
  ]);
  assert.equal((await reports())[0]?.ended_at, null);
  resolve({ rows: { t: 9 }, notices: [], isComplete: true, reached: {} });
  await wait(1_000);
  // A source that brought nothing has nothing to report.
  assert.deepEqual(await shown(), [['t', 'SUCCESS', 9]]);
  await stop();
});

test('a failed sync is reported for each of its sources, with the rows that are there all the same', async () => {
  const sources = ['s', 't', 'u'].map((sourceId) => ({ sourceId, since: 0 }));
  const { answers, add, wait, reports, progress, request, ends, stop } = await rig({ sources });
  const failing = Promise.withResolvers<Answer>();
  answers.push(failing.promise, new TributaryError('warehouse_failed', 'no such database'));
  await add();
  await wait(minute + 10_000);
  progress({ t: 4 });
  failing.resolve(new TributaryError('warehouse_failed', 'the connection was cut'));
  await wait(1_000);
  const found = await reports();
  assert.deepEqual(
    found.map((one) => [one.source_id, one.status, Number(one.rows_loaded)]),
    [
      ['s', 'FAILURE', 0],
      ['t', 'FAILURE', 4],
      ['u', 'FAILURE', 0],
    ],
  );
  for (const { notices, started_at, ended_at } of found) {
    assert.match(notices, /the connection was cut/);
    assert.ok(Number(ended_at) > Number(started_at));
  }
  // A back-fill of one source fails for that one.
  await request({ id: 'r', from: 1, to: 2, sourceId: 'u' });
  assert.deepEqual(
    (await reports()).slice(3).map((one) => [one.source_id, one.status]),
    [['u', 'FAILURE']],
  );
  assert.partialDeepStrictEqual(await ends(), [{ request: 'r', status: 'FAILURE' }]);
  await stop();
});

test('what a killed process left running is said to be interrupted', async () => {
  const { store, wait, reports, stop } = await rig();
  await new LoadStore(store).beginReports('w', new Map([['s', 'left']]), 5);
  await wait(minute + 10_000);
  const [report] = await reports();
  assert.equal(report?.status, 'PARTIAL');
  assert.match(report?.notices ?? '', /interrupted/);
  await stop();
});

test('a sync that is asked for waits until process has come to what was accepted before, not longer than it must', async () => {
  const { jobs, add, wait, request, setProcessed, ends, stop } = await rig({
    schedule: { enabled: false, times: [], timezone: 'UTC', plan: { strategy: 'MANUAL' } },
  });
  const processed = Promise.withResolvers<boolean>();
  setProcessed(processed.promise);
  await request({ id: 'r1' });
  await wait(5_000);
  assert.equal(jobs.length, 0);
  // What was accepted before is in `events` only now.
  await add();
  processed.resolve(true);
  await wait(1_000);
  assert.equal(jobs.length, 1);
  await add();
  setProcessed(Promise.resolve(false));
  await request({ id: 'r1' }, { id: 'r2' });
  assert.equal(jobs.length, 2);
  const late = (await ends()).find((one) => one.request === 'r2');
  assert.equal(late?.status, 'SUCCESS');
  assert.match(late?.notices ?? '', /were not processed 60 s later/);
  // There was nothing to load: it says so all the same.
  await request({ id: 'r3' });
  assert.equal(jobs.length, 2);
  const none = (await ends()).find((one) => one.request === 'r3');
  assert.match(none?.notices ?? '', /were not processed 60 s later/);
  await stop();
});

test('two warehouses are loaded at once; one that hangs keeps no other from being loaded', async () => {
  const { jobs, answers, add, wait, change, stop } = await rig();
  const never = new Promise<Answer>(() => undefined);
  answers.push(never, never);
  const other = (id: string): WarehouseConfig => ({
    ...{ id, slug: 'duckdb', enabled: true, settings: {} },
    sources: [{ sourceId: 's', since: 0 }],
  });
  await add();
  await change({}, other('x'), other('y'), other('z'));
  assert.deepEqual(jobs.map(({ warehouse }) => warehouse.id).sort(), ['x', 'y']);
  await wait(50_000);
  assert.equal(jobs.length, 2);
  // A minute without a unit: they are not counted any more.
  await wait(30_000);
  assert.ok(jobs.some(({ warehouse }) => warehouse.id === 'z'));
  assert.ok(jobs.some(({ warehouse }) => warehouse.id === 'w'));
  // Nor do they keep the server from stopping.
  const stopped = stop();
  await wait(6_000);
  await stopped;
});

test('what somebody asks for runs at once and once: a sync, a back-fill of a range', async () => {
  const { jobs, request, add, ends, wait, stop } = await rig();
  await add();
  await request({ id: 'r1' });
  assert.equal(jobs.length, 1);
  await wait(10_000);
  await request({ id: 'r1' }, { id: 'r2', from: 5, to: 9, sourceId: 's' });
  assert.equal(jobs.length, 2);
  assert.deepEqual(jobs[1]?.backfill, { id: 'r2', from: 5, to: 9, sourceId: 's' });
  await wait(3 * minute);
  assert.equal(jobs.length, 2);
  const ended = await ends();
  assert.deepEqual(ended.map(({ request: id, status }) => [id, status]).sort(), [
    ['r1', 'SUCCESS'],
    ['r2', 'SUCCESS'],
  ]);
  await stop();
});

test('a disabled warehouse, and one of a kind without an engine, are left alone', async () => {
  for (const more of [{ enabled: false }, { slug: 'unknown' }]) {
    const { jobs, add, wait, stop, clock } = await rig(more);
    await add();
    await wait(3 * minute);
    assert.equal(jobs.length, 0);
    assert.equal(clock.pending, 0);
    await stop();
  }
});
