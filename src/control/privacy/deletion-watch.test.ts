import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogName } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { controlRig } from '../testing/control-rig.ts';
import { discardRecord, logRig } from '../testing/log-rig.ts';

async function rig() {
  const clock = new ManualClock();
  const { logs, append } = await logRig(clock);
  const control = await controlRig({ clock, logs });
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
  const look = () => clock.advanceSettling(limits.deletionEveryMs);
  return { ...control, clock, regulate, statusOf, put, renew, look };
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

test('one that destinations were to be told of ends as a partial success; a suppression is over at once', async () => {
  const { regulate, statusOf, look, close } = await rig();
  const partial = await regulate('SUPPRESS_WITH_DELETE');
  await look();
  assert.equal(await statusOf(partial), 'PARTIAL_SUCCESS');
  const suppressed = await regulate('SUPPRESS_ONLY');
  await look();
  assert.equal(await statusOf(suppressed), 'FINISHED');
  await close();
});
