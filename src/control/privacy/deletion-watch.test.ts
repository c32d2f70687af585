import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { LogName } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { ManualClock, settle } from '../../core/testing/manual-clock.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { controlRig, everyOption } from '../testing/control-rig.ts';
import { discardRecord, logRig } from '../testing/log-rig.ts';

async function rig() {
  const clock = new ManualClock();
  const { logs, append } = await logRig(clock);
  const work = await freshStores().openWork();
  const control = await controlRig({ clock, logs, work });
  const regulate = async (regulationType: string) => {
    const body = { regulationType, subjectType: 'USER_ID', subjectIds: ['u'] };
    const answer = await control.call('POST', '/regulations', { body });
    return String(answer.at('data.regulateId'));
  };
  const statusOf = async (id: string) =>
    (await control.call('GET', `/regulations/${id}`)).at('data.regulation.overallStatus');
  const put = (log: LogName) => append(log, discardRecord({ t: clock.now() }));
  /** Retention takes all that a log holds, but what is appended last. */
  const renew = async (log: LogName) => {
    const reader = await logs.openReader(log, 0);
    const end = await reader.end();
    await put(log);
    await logs.trim(log, 0, end);
    await reader.close();
  };
  /** At once: what control does each second meanwhile, it does once. */
  const look = async () => {
    clock.advance(limits.deletionEveryMs);
    await settle();
    clock.advance(1);
  };
  const close = async () => {
    await control.close();
    await work.close();
  };
  return { ...control, work, clock, regulate, statusOf, put, renew, look, close };
}

test('a deletion runs until every log has let go of what was there, in the order in which it flows', async () => {
  const { regulate, statusOf, put, renew, look, clock, call, close } = await rig();
  for (const log of ['accepted', 'events', 'results'] as const) await put(log);
  clock.advance(1_000);
  const id = await regulate('DELETE_INTERNAL');
  assert.equal(await statusOf(id), 'INITIALIZED');
  await look();
  assert.equal(await statusOf(id), 'RUNNING');
  // Retention has taken it from the end only: what accepted holds may come there again.
  await renew('events');
  await renew('results');
  await look();
  await renew('accepted');
  await look();
  assert.equal(await statusOf(id), 'RUNNING');
  await renew('events');
  await look();
  await put('discards');
  await renew('results');
  await look();
  assert.equal(await statusOf(id), 'RUNNING');
  await renew('discards');
  await look();
  assert.equal(await statusOf(id), 'FINISHED');
  const one = await call('GET', `/regulations/${id}`);
  assert.equal(typeof one.at('data.regulation.finishedAt'), 'string');
  assert.match(JSON.stringify((await call('GET', '/audit-events')).body), /Regulation Finished/);
  await close();
});

test('a deletion is over when its destinations and warehouses are, and as they are; a suppression is at once', async () => {
  const { regulate, statusOf, look, call, work, close } = await rig();
  const sourceId = (await call('GET', '/sources')).at('data.sources.0.id');
  const settings = { hooks: ['http://127.0.0.1/'] };
  const made = await call('POST', '/destinations', {
    body: { sourceId, metadataId: everyOption.id, name: 'CRM', enabled: true, settings },
  });
  const warehouse = await call('POST', '/warehouses', {
    body: { metadataId: 'duckdb', name: 'W', enabled: true, settings: {} },
  });
  const warehouseId = String(warehouse.at('data.warehouse.id'));
  await call('POST', `/warehouses/${warehouseId}/connected-sources/${sourceId}`);
  const row = (regulation: string, kind: 'destination' | 'warehouse', target: string) => ({
    ...{ regulation, kind, target, source: String(sourceId), done: 1, failed: 0, deleted_rows: 3 },
    ...{ attempts: 0, failing_since: 0, next_at: 0, message: '', updated_at: 1_000 },
  });
  const report = async (id: string, atDestination: 'done' | 'failed' | 'unsupported') => {
    await look();
    assert.equal(await statusOf(id), 'RUNNING');
    const warehouseRow = { ...row(id, 'warehouse', warehouseId), state: 'done' as const };
    await work.db.insertInto('deletion_target').values(warehouseRow).execute();
    await look();
    assert.equal(await statusOf(id), 'RUNNING');
    const destination = row(id, 'destination', String(made.at('data.destination.id')));
    await work.db
      .insertInto('deletion_target')
      .values({ ...destination, state: atDestination, message: 'a word' })
      .execute();
    const one = await call('GET', `/regulations/${id}`);
    const status = 'data.regulation.streamStatus.0.destinationStatus';
    const [at, message] = [one.at(`${status}.0.finishedAt`), one.at(`${status}.0.errString`)];
    assert.deepEqual([at, message], ['1970-01-01T00:00:01.000Z', 'a word']);
    assert.deepEqual([one.at(`${status}.1.name`), one.at(`${status}.1.status`)], ['W', 'FINISHED']);
    await look();
    return [one.at(`${status}.0.status`), await statusOf(id)];
  };
  const expected = {
    done: ['FINISHED', 'FINISHED'],
    failed: ['FAILED', 'FAILED'],
    unsupported: ['NOT_SUPPORTED', 'PARTIAL_SUCCESS'],
  } as const;
  for (const state of ['done', 'failed', 'unsupported'] as const) {
    assert.deepEqual(await report(await regulate('SUPPRESS_WITH_DELETE'), state), expected[state]);
  }
  const internal = await regulate('SUPPRESS_WITH_DELETE_INTERNAL');
  await look();
  assert.equal(await statusOf(internal), 'FINISHED');
  const suppressed = await regulate('SUPPRESS_ONLY');
  await look();
  assert.equal(await statusOf(suppressed), 'FINISHED');
  await close();
});

test('a deletion is not over before every partition has looked through its archive', async () => {
  const { regulate, statusOf, look, close, work } = await rig();
  const position = { name: 'n', position: 1, stamp_input: 0, stamp_item: -1, updated_at: 1 };
  for (const partition of [0, 1]) {
    await work.db
      .insertInto('archive_position')
      .values({ ...position, partition, pending: null })
      .execute();
  }
  const id = await regulate('DELETE_INTERNAL');
  const progress = { regulation: id, total: 1, done: 1, events: 0, updated_at: 1 };
  const report = async (part: string, partition: number) => {
    const row = { ...progress, part, partition, state: 'done' as const };
    await work.db.insertInto('deletion_progress').values(row).execute();
    await look();
  };
  await look();
  await report('archive at once', 0);
  await report('archive at once', 1);
  await report('archive', 0);
  assert.equal(await statusOf(id), 'RUNNING');
  await report('archive', 1);
  assert.equal(await statusOf(id), 'FINISHED');
  await close();
});

test('one of a version that told no destination says so, and was a partial success', async () => {
  const { regulate, statusOf, look, call, store, close } = await rig();
  const sourceId = (await call('GET', '/sources')).at('data.sources.0.id');
  await call('POST', '/destinations', {
    body: { sourceId, metadataId: everyOption.id, name: 'CRM', settings: {} },
  });
  const id = await regulate('DELETE_ONLY');
  await sql`update regulation set has_targets = 0 where id = ${id}`.execute(store.db);
  const one = await call('GET', `/regulations/${id}`);
  const status = 'data.regulation.streamStatus.0.destinationStatus.0';
  assert.equal(one.at(`${status}.status`), 'NOT_SUPPORTED');
  await look();
  assert.equal(await statusOf(id), 'PARTIAL_SUCCESS');
  await close();
});
