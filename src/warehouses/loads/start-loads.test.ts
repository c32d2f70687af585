import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TributaryError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import type { Snapshot, SyncRequest, WarehouseConfig } from '../../core/snapshot.ts';
import { ManualClock, settle } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import type { SyncJob, SyncResult } from '../sync/sync-job.ts';
import { startLoads } from './start-loads.ts';

const minute = 60_000;

/** Loads of one warehouse whose process says what the test wants. */
async function rig(more: Partial<WarehouseConfig> = {}) {
  const clock = new ManualClock();
  const store = await freshStores().openWork();
  const engine = await openMemoryLogEngine({ clock });
  const { writer } = await engine.openWriter('events', 0);
  const jobs: SyncJob[] = [];
  const answers: (SyncResult | TributaryError)[] = [];
  let ids = 0;
  let isBusy = false;
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
      sync: async (job) => {
        jobs.push(job);
        const answer = answers.shift();
        if (answer instanceof TributaryError) throw answer;
        const end = writer.end;
        const reached = { 0: { cursor: end, upTo: end } };
        return answer ?? { rows: { s: 3 }, notices: [], isComplete: true, reached };
      },
      query: () => Promise.reject(new TributaryError('unavailable', 'not asked here')),
      export: () => Promise.reject(new TributaryError('unavailable', 'not asked here')),
      stop: async () => undefined,
    },
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
