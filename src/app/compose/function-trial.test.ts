/** Functions that are tried through the API: real code in a real process. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { controlRig } from '../../control/testing/control-rig.ts';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { recordKinds } from '../../core/records.ts';
import { stagedSource } from '../../core/staged-request.ts';
import { createFunctions } from '../../functions/create-functions.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';

const key = {
  ...{ name: 'key', label: 'key', description: '', type: 'STRING' },
  ...{ required: false, sensitive: true },
};

async function start(t: TestContext, resourceType: string, code: string) {
  const http = { request: async () => ({ status: 201, headers: {}, body: '' }) };
  const functions = createFunctions({ http, clock: systemClock, logger: silentLogger });
  const logs = await openMemoryLogEngine({ clock: systemClock });
  const work = await freshStores().openWork();
  const rig = await controlRig({ functions, logs, work });
  t.after(async () => {
    await rig.close();
    await functions.stop();
    await work.close();
  });
  const body = { resourceType, code, displayName: 'F', settings: [key] };
  const made = await rig.call('POST', '/functions', { body });
  const path = `/functions/${made.at('data.function.id')}`;
  const catalogId = String(made.at('data.function.catalogId'));
  const run = (trial: object, token?: string) =>
    rig.call('POST', `${path}/test`, { body: trial, ...(token !== undefined && { token }) });
  return { rig, logs, work, path, catalogId, run };
}

const event = { type: 'track', event: 'E', userId: 'u', messageId: 'm' };

test('code that is saved is run on a given event, with what it logs, asks for and throws', async (t) => {
  const code = `async function onTrack(event, settings) {
    console.log('hello', event.event, settings.key);
    await fetch('https://example.com/x', { method: 'POST' });
  }
  function onIdentify() { throw new InvalidEventPayload('no email'); }`;
  const { run } = await start(t, 'DESTINATION', code);
  const good = await run({ event, settings: { key: 'a-long-secret' } });
  assert.equal(good.status, 200, JSON.stringify(good.body));
  assert.equal(good.at('data.test.outcome'), 'done');
  assert.match(String(good.at('data.test.logs.0.text')), /hello E/);
  assert.doesNotMatch(JSON.stringify(good.body), /a-long-secret/);
  assert.deepEqual(good.at('data.test.requests'), [
    { method: 'POST', url: 'https://example.com/x', status: 201 },
  ]);
  const bad = await run({ event: { ...event, type: 'identify' } });
  assert.equal(bad.at('data.test.outcome'), 'message_rejected');
  assert.equal(bad.at('data.test.message'), 'no email');
  const other = await run({ event, code: 'const onTrack = () => console.log("other")' });
  assert.match(String(other.at('data.test.logs.0.text')), /other/);
});

test('an insert function shows what it returns, a source function what it would send', async (t) => {
  const insert = await start(t, 'INSERT_SOURCE', 'const onTrack = (e) => ({ ...e, event: "F" })');
  const returned = await insert.run({ event });
  assert.equal(returned.at('data.test.events.0.event'), 'F');
  const code = `async function onRequest(request) {
    Segment.track({ event: request.json().name, userId: request.headers.get('x-user') });
  }`;
  const source = await start(t, 'SOURCE', code);
  const request = { body: '{"name":"N"}', headers: { 'X-User': 'u' } };
  const sent = await source.run({ request });
  assert.deepEqual(sent.at('data.test.calls'), [
    { type: 'track', payload: { event: 'N', userId: 'u' } },
  ]);
  assert.equal((await source.run({ event })).at('errors.0.field'), 'request');
  assert.equal((await insert.run({ request })).at('errors.0.field'), 'request');
  assert.equal((await insert.run({})).at('errors.0.field'), 'event');
});

test('the newest event of a source, or one of the last, is what it is run on', async (t) => {
  const { rig, logs, run } = await start(t, 'DESTINATION', 'const onTrack = (e) => {}');
  const source = String(rig.control.snapshot().sources[0]?.id);
  const { writer } = await logs.openWriter('events', 0);
  for (const [n, id] of ['first', 'second'].entries()) {
    const meta = JSON.stringify({ i: 1, n, t: n, type: 'track', id });
    const body = Buffer.from(JSON.stringify({ ...event, messageId: id }));
    await writer.append([{ kind: recordKinds.event, source, meta, body }]);
  }
  const given = async (more: object) =>
    (await run({ sourceId: source, ...more })).at('data.test.given.messageId');
  assert.equal(await given({}), 'second');
  assert.equal(await given({ messageId: 'first' }), 'first');
  assert.equal((await run({ sourceId: source, messageId: 'none' })).status, 404);
  assert.equal((await run({ sourceId: 'none' })).status, 404);
});

test('the newest request to a source is what its function is run on', async (t) => {
  const code =
    'async function onRequest(r) { Segment.track({ event: r.json().name, userId: "u" }) }';
  const { rig, logs, run } = await start(t, 'SOURCE', code);
  const id = String(rig.control.snapshot().sources[0]?.id);
  const { writer } = await logs.openWriter('staged', 0);
  const request = { url: 'http://here/fn/key', headers: {}, body: '{"name":"Real"}' };
  await writer.append([
    {
      ...{ kind: recordKinds.event, source: stagedSource(id) },
      meta: JSON.stringify({ i: 1, n: 0, t: 1, type: 'track', id: 'r' }),
      body: Buffer.from(JSON.stringify({ type: 'track', messageId: 'r', request })),
    },
  ]);
  const answer = await run({ sourceId: id });
  assert.equal(answer.at('data.test.calls.0.payload.event'), 'Real');
  assert.deepEqual(answer.at('data.test.given'), request);
});

test('the settings of a destination are used by who may change its source', async (t) => {
  const code = 'const onTrack = (e, settings) => console.log(settings.key.length)';
  const { rig, catalogId, path, run } = await start(t, 'DESTINATION', code);
  await rig.call('POST', `${path}/deploy`);
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const body = { sourceId, metadataId: catalogId, settings: { key: 'a-long-secret' } };
  const usedBy = (await rig.call('POST', '/destinations', { body })).at('data.destination.id');
  assert.equal((await run({ event, usedBy })).at('data.test.logs.0.text'), '13');
  assert.equal((await run({ event, usedBy: 'none' })).status, 404);
  const roles = (await rig.call('GET', '/roles')).at('data.roles');
  const role = Array.isArray(roles) && roles.find((one) => Object(one).name === 'Function Admin');
  const resources = [{ id: path.split('/').at(-1), type: 'FUNCTION' }];
  const grant = {
    ...{ name: 'f', permission: 'write' },
    permissions: [{ roleId: Object(role).id, resources }],
  };
  const token = String((await rig.call('POST', '/tokens', { body: grant })).at('data.secret'));
  assert.equal((await run({ event }, token)).status, 200);
  assert.equal((await run({ event, usedBy }, token)).status, 403);
  assert.equal((await run({ sourceId }, token)).status, 403);
});

test('the last invocations of all versions are listed, newest first', async (t) => {
  const { rig, work, path } = await start(t, 'DESTINATION', 'let a');
  const version = String((await rig.call('GET', `${path}/versions`)).at('data.versions.0.id'));
  const row = (id: string, more: object = {}) => ({
    ...{ id, instance: 'dest', version, at: 1_000, handler: 'onTrack', failure: null },
    ...{ message: '', logs: '[{"level":"log","text":"x"}]', logs_cut: 0, duration_ms: 3 },
    ...more,
  });
  await work.db
    .insertInto('function_invocation')
    .values([
      row('1'),
      row('2', { failure: 'timeout', message: 'too long', logs: '[]' }),
      row('3', { version: 'of another' }),
    ])
    .execute();
  const listed = await rig.call('GET', `${path}/invocations`);
  assert.deepEqual(listed.at('data.invocations'), [
    {
      ...{ id: '2', at: '1970-01-01T00:00:01.000Z', versionId: version, usedBy: 'dest' },
      ...{ handler: 'onTrack', outcome: 'timeout', message: 'too long', logs: [] },
      ...{ logsCut: false, durationMs: 3 },
    },
    {
      ...{ id: '1', at: '1970-01-01T00:00:01.000Z', versionId: version, usedBy: 'dest' },
      ...{ handler: 'onTrack', outcome: 'done', logs: [{ level: 'log', text: 'x' }] },
      ...{ logsCut: false, durationMs: 3 },
    },
  ]);
});

test('settings of a test run must fit what the function declares, and a required one needs a value', async (t) => {
  const { rig, path, catalogId, run } = await start(t, 'DESTINATION', 'const onTrack = () => {};');
  await rig.call('PATCH', path, { body: { settings: [{ ...key, required: true }] } });
  await rig.call('POST', `${path}/deploy`);
  for (const settings of [undefined, {}, { key: '' }, { key: 1 }, { key: '••••••' }]) {
    const refused = await run({ event, ...(settings && { settings }) });
    assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'settings.key']);
  }
  assert.equal((await run({ event, settings: { key: 'k' } })).at('data.test.outcome'), 'done');
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const body = { sourceId, metadataId: catalogId, settings: { key: 'a-long-secret' } };
  const usedBy = (await rig.call('POST', '/destinations', { body })).at('data.destination.id');
  assert.equal((await run({ event, usedBy })).at('data.test.outcome'), 'done');
  const shown = { key: '••••••••••••cret' };
  assert.equal((await run({ event, usedBy, settings: shown })).at('data.test.outcome'), 'done');
});
