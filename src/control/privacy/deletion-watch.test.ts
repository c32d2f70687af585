import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogName } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { eventually } from '../../core/testing/eventually.ts';
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

test('one whose destinations are told ends as a success, as a partial one where one cannot be told; a suppression is over at once', async () => {
  const { control, call, regulate, statusOf, look, close } = await rig();
  const whole = await regulate('SUPPRESS_WITH_DELETE');
  await look();
  assert.equal(await statusOf(whole), 'FINISHED');
  const sourceId = control.snapshot().sources[0]?.id;
  const body = { sourceId, metadataId: everyOption.id, settings: {} };
  assert.equal((await call('POST', '/destinations', { body })).status, 200);
  const partial = await regulate('SUPPRESS_WITH_DELETE');
  const isOver = async () => (await statusOf(partial)) === 'PARTIAL_SUCCESS';
  await eventually('nobody can tell it', isOver, { step: look });
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
