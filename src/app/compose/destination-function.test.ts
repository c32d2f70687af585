/** Deliver with a destination function: real code in a real process, on memory logs. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { functionDestinationSlug } from '../../core/functions.ts';
import type { HttpRequest } from '../../core/http.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import type { ConnectionConfig } from '../../core/snapshot.ts';
import { eventually } from '../../core/testing/eventually.ts';
import { connection, DeliverRig } from '../../deliver/testing/deliver-rig.ts';
import { functionDestination } from '../../destinations/functions/function-destination.ts';
import { createFunctions } from '../../functions/create-functions.ts';

function connected(code: string, id = 'v1'): ConnectionConfig {
  return {
    ...connection(),
    slug: functionDestinationSlug,
    settings: { url: 'http://far.test/' },
    function: { version: { id, kind: 'destination', code }, secrets: [] },
  };
}

async function started(t: TestContext, status: (request: HttpRequest) => number = () => 200) {
  const bodies: string[] = [];
  const http = {
    request: async (request: HttpRequest) => {
      bodies.push(Buffer.from(request.body ?? '').toString('utf8'));
      return { status: status(request), headers: {}, body: '' };
    },
  };
  const functions = createFunctions({ http, clock: systemClock, logger: silentLogger });
  t.after(() => functions.stop());
  const rig = await new DeliverRig({ definitions: [functionDestination(functions)] }).start();
  t.after(() => rig.stop());
  /** The clock of deliver is the test's, that of the functions is not. */
  const until = (what: string, holds: () => boolean | Promise<boolean>) =>
    eventually(what, holds, { every: 5, step: () => rig.clock.advance(1) });
  const count = (what: string): number => Number(rig.lane('function')[what] ?? 0);
  const discards = async (): Promise<unknown[]> =>
    (await rig.results())
      .filter(({ kind }) => kind === recordKinds.discard)
      .map(({ code, message }) => [code, message])
      .toSorted();
  return { rig, bodies, until, count, discards };
}

const post = 'fetch(settings.url, { method: "POST", body: JSON.stringify(event.messageId) })';

test('events reach the code of the version that is deployed', async (t) => {
  const { rig, bodies, until, count } = await started(t);
  await rig.configure({ connections: [connected(`const onTrack = (event, settings) => ${post}`)] });
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await until('two are delivered', () => count('delivered') === 2);
  assert.deepEqual(bodies.toSorted(), ['"1"', '"2"']);
  const code =
    'const onTrack = (event, settings) => fetch(settings.url, { method: "PUT", body: "v2" })';
  await rig.configure({ connections: [connected(code, 'v2')] });
  await rig.append({ id: '3', u: 'a' });
  await until('three requests were made', () => bodies.length === 3);
  assert.equal(bodies[2], 'v2');
});

test('what the code throws decides: tried again, or a discard that says why', async (t) => {
  let calls = 0;
  const { rig, until, count, discards } = await started(t, () => (++calls === 1 ? 503 : 200));
  const code = `async function onTrack(event, settings) {
    const answer = await ${post};
    if (answer.status >= 500) throw new RetryError('status ' + answer.status);
  }
  function onPage() { throw new InvalidEventPayload('no page') }`;
  await rig.configure({ connections: [connected(code)] });
  await rig.append(
    { id: '1', u: 'a' },
    { id: '2', u: 'b', type: 'page' },
    { id: '3', u: 'c', type: 'group' },
  );
  await until('it was called', () => calls === 1);
  await rig.clock.advance(2_000);
  await until('one is delivered', () => count('delivered') === 1);
  assert.equal(calls, 2);
  assert.deepEqual(await discards(), [
    ['message_rejected', 'no page'],
    ['unsupported_event_type', 'The function has no onGroup'],
  ]);
});

test('onBatch gets events together, and each has its own result', async (t) => {
  const { rig, bodies, until, count, discards } = await started(t);
  const code = `async function onBatch(events, settings) {
    await fetch(settings.url, { method: 'POST', body: events.map((e) => e.messageId).join() });
    return events.map((e) => e.messageId === '2' ? { status: 400, errormessage: 'bad' } : { status: 200 });
  }`;
  await rig.configure({ connections: [connected(code)] });
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' }, { id: '3', u: 'c' });
  await rig.clock.advance(500);
  await until('two are delivered', () => count('delivered') === 2);
  assert.deepEqual(bodies, ['1,2,3']);
  assert.deepEqual(await discards(), [['message_rejected', 'bad']]);
});

test('code that only mentions onBatch gets its events one by one', async (t) => {
  const { rig, bodies, until, count } = await started(t);
  const code = `// without onBatch\nconst onTrack = (event, settings) => ${post}`;
  await rig.configure({ connections: [connected(code)] });
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'b' });
  await rig.clock.advance(500);
  await until('two are delivered', () => count('delivered') === 2);
  assert.deepEqual(bodies, ['"1"', '"2"']);
});

test('while no version is deployed, events are discards that say so', async (t) => {
  const { rig, discards } = await started(t);
  const { function: _deployed, ...none } = connected('');
  await rig.configure({ connections: [none] });
  await rig.append({ id: '1', u: 'a' });
  await rig.clock.advance(1);
  assert.deepEqual(await discards(), [
    ['invalid_settings', 'No version of the function is deployed'],
  ]);
});

test('onDelete is told of one user; without it there is nobody to tell, and what it throws decides', async (t) => {
  const http = { request: () => assert.fail('nothing goes out') };
  const functions = createFunctions({ http, clock: systemClock, logger: silentLogger });
  t.after(() => functions.stop());
  const definition = functionDestination(functions);
  const { signal } = new AbortController();
  const context = { http, signal, regulation: 'r', askedAt: Date.UTC(2026, 10, 20) };
  const ask = (code: string, id: string) =>
    definition.deleteUser?.(connected(code, id), { userId: 'u' }, context);
  const told = `function onDelete(event, settings) {
    const { type, userId, timestamp } = event;
    const all = [type, userId, timestamp, settings.url].join(' ');
    if (all !== 'delete u 2026-11-20T00:00:00.000Z http://far.test/') throw new Error(all);
  }`;
  assert.deepEqual(await ask(told, 'v1'), { state: 'deleted' });
  assert.deepEqual(await ask('function onTrack() {}', 'v2'), { state: 'unsupported' });
  const later = await ask('function onDelete() { throw new RetryError("busy") }', 'v3');
  assert.deepEqual(later, { state: 'failed', message: 'retry: busy', retry: true });
  const never = await ask('function onDelete() { throw new TypeError("odd") }', 'v4');
  assert(never?.state === 'failed' && !never.retry);
  assert.match(never.message, /odd/);
  const { function: _deployed, ...none } = connected('');
  const undeployed = await definition.deleteUser?.(none, { userId: 'u' }, context);
  assert(undeployed?.state === 'failed' && !undeployed.retry);
});
