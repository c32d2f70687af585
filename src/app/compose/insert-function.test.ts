/** Deliver with an insert function in front of a destination: real code in a real process. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import type { ConnectionConfig } from '../../core/snapshot.ts';
import { eventually } from '../../core/testing/eventually.ts';
import { BatchDestination } from '../../deliver/testing/batch-destination.ts';
import { connection, DeliverRig } from '../../deliver/testing/deliver-rig.ts';
import { createFunctions } from '../../functions/create-functions.ts';

function behind(code: string, id = 'v1', more: Partial<ConnectionConfig> = {}): ConnectionConfig {
  const version = { id, kind: 'insert', code } as const;
  const insert = { id: 'instance', version, secrets: [], settings: { suffix: '!' } };
  return { ...connection(more), insert };
}

async function started(t: TestContext, far?: BatchDestination) {
  const http = { request: async () => ({ status: 200, headers: {}, body: '' }) };
  const functions = createFunctions({ http, clock: systemClock, logger: silentLogger });
  t.after(() => functions.stop());
  const definitions = far && { definitions: [far.definition] };
  const rig = await new DeliverRig({ functions, ...definitions }).start();
  t.after(() => rig.stop());
  const until = (what: string, holds: () => boolean | Promise<boolean>) =>
    eventually(what, holds, { every: 5, step: () => rig.clock.advance(1) });
  const discards = async (): Promise<unknown[]> =>
    (await rig.results())
      .filter(({ kind }) => kind === recordKinds.discard)
      .map(({ messageId, code }) => [messageId, code])
      .toSorted();
  return { rig, until, discards };
}

test('what the function returns is sent, what it drops is a discard, and a new version takes over', async (t) => {
  const { rig, until, discards } = await started(t);
  const code = `function onTrack(event, settings) {
    if (event.event === 'secret') throw new DropEvent('not for them');
    event.event += settings.suffix;
    event.messageId = 'another';
    return event;
  }`;
  await rig.configure({ connections: [behind(code)] });
  await rig.append(
    { id: '1', u: 'a' },
    { id: '2', u: 'b', more: { event: 'secret' } },
    { id: '3', u: 'c', type: 'page' },
  );
  const areThrough = async () => rig.sent.length === 1 && (await discards()).length === 2;
  await until('one is sent and two are discards', areThrough);
  assert.equal(JSON.parse(rig.sent[0]?.body ?? '').event, 'E!');
  assert.equal(rig.sent[0]?.id, '1');
  assert.deepEqual(await discards(), [
    ['2', 'filtered_at_insert_function'],
    ['3', 'unsupported_event_type'],
  ]);
  const next = 'function onTrack(event) { event.event = "second"; return event }';
  await rig.configure({ connections: [behind(next, 'v2')] });
  await rig.append({ id: '4', u: 'a' });
  await until('two are sent', () => rig.sent.length === 2);
  assert.equal(JSON.parse(rig.sent[1]?.body ?? '').event, 'second');
});

test('an event is sent again when the function asks for that', async (t) => {
  const { rig, until } = await started(t);
  const code = `let calls = 0;
  function onTrack(event) {
    calls += 1;
    if (calls === 1) throw new RetryError('not yet');
    return event;
  }`;
  await rig.configure({ connections: [behind(code)] });
  await rig.append({ id: '1', u: 'a' });
  await until('one is parked', () => rig.lane()['parked'] === 1);
  assert.equal(rig.sent.length, 0);
  await rig.clock.advance(2_000);
  await until('one is sent', () => rig.sent.length === 1);
});

test('events of a batch go through the function, and are grouped by what it made of them', async (t) => {
  const far = new BatchDestination();
  const { rig, until, discards } = await started(t, far);
  const code = `function onTrack(event) {
    if (event.messageId === '2') return;
    if (event.messageId === '3') event.event = 'other';
    return event;
  }`;
  await rig.configure({ connections: [behind(code)] });
  await rig.append(
    ...['1', '2', '3', '4'].map((id) => ({ id, u: `u${id}`, more: { event: 'x' } })),
  );
  await rig.clock.advance(300);
  await until('two are sent', () => far.sent.length === 2);
  assert.deepEqual(far.sent, [['1', '4'], ['3']]);
  await until('one is a discard', async () => (await discards()).length === 1);
  assert.deepEqual(await discards(), [['2', 'filtered_at_insert_function']]);
});

test('a batch goes through onBatch at once, twenty by twenty, and what it does not return goes no further', async (t) => {
  const far = new BatchDestination();
  const { rig, until, discards } = await started(t, far);
  const code = `function onBatch(events, settings) {
    if (events.some(({ messageId }) => messageId === '24')) throw new ValidationError('not these');
    return events.map((event) => (event.messageId === '2' ? null : { ...event, event: 'x' + settings.suffix + events.length }));
  }
  function onTrack() { throw new Error('it is never called'); }`;
  await rig.configure({ connections: [behind(code)] });
  const ids = Array.from({ length: 24 }, (_, n) => `${n + 1}`);
  await rig.append(...ids.map((id) => ({ id, u: `u${id}`, more: { event: 'x' } })));
  await rig.clock.advance(300);
  await until('five are discards', async () => (await discards()).length === 5);
  await until('one batch is sent', () => far.sent.length === 1);
  assert.deepEqual(
    far.sent[0],
    ids.slice(0, 20).filter((id) => id !== '2'),
  );
  assert.deepEqual(
    await discards(),
    [
      ['2', 'filtered_at_insert_function'],
      ...['21', '22', '23', '24'].map((id) => [id, 'message_rejected']),
    ].toSorted(),
  );
});

test('a batch goes one by one where there is no onBatch after all', async (t) => {
  const far = new BatchDestination();
  const { rig, until } = await started(t, far);
  await rig.configure({ connections: [behind('const onTrack = (event) => event; // no onBatch')] });
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.clock.advance(300);
  await until('they are sent', () => far.sent.flat().length === 2);
});

test('where no functions run, nothing passes a destination that has one', async (t) => {
  const rig = await new DeliverRig().start();
  t.after(() => rig.stop());
  await rig.configure({ connections: [behind('')] });
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(1);
  assert.equal(rig.sent.length, 0);
  assert.equal((await rig.results())[0]?.['code'], 'invalid_settings');
});
