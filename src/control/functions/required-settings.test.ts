import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { JsonObject } from '../../core/json.ts';
import { controlRig } from '../testing/control-rig.ts';

const setting = (name: string, type: string, more: object = {}) => ({
  ...{ name, label: name, description: '', required: true, sensitive: false },
  ...{ type, ...more },
});

const declared = [
  setting('key', 'STRING', { sensitive: true }),
  setting('list', 'ARRAY'),
  setting('map', 'TEXT_MAP', { sensitive: true }),
  setting('on', 'BOOLEAN'),
  setting('note', 'STRING', { required: false }),
];
const given: JsonObject = { key: 'a-long-secret-dada', list: ['x'], map: { a: 'b' }, on: false };
const refusedFields = ['settings.key', 'settings.list', 'settings.map', 'settings.on'];

/** A deployed function, the one way to put it somewhere, and where it is then. */
async function start(t: TestContext, resourceType: 'SOURCE' | 'DESTINATION' | 'INSERT_SOURCE') {
  const rig = await controlRig();
  t.after(() => rig.close());
  const body = { resourceType, code: 'let a = 1;', displayName: 'F', settings: declared };
  const made = await rig.call('POST', '/functions', { body });
  const functionId = String(made.at('data.function.id'));
  await rig.call('POST', `/functions/${functionId}/deploy`);
  const metadataId = made.at('data.function.catalogId');
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const { path, place, at } = {
    SOURCE: { path: '/sources', place: { slug: 's', metadataId }, at: 'source' },
    DESTINATION: { path: '/destinations', place: { sourceId, metadataId }, at: 'destination' },
    INSERT_SOURCE: {
      path: '/insert-function-instances',
      place: { functionId, integrationId: sourceId, name: 'I' },
      at: 'insertFunctionInstance',
    },
  }[resourceType];
  const make = (settings: JsonObject, enabled = true) =>
    rig.call('POST', path, { body: { ...place, enabled, settings } });
  const change = (id: unknown, body: object) => rig.call('PATCH', `${path}/${id}`, { body });
  const idOf = (answer: Awaited<ReturnType<typeof make>>) => answer.at(`data.${at}.id`);
  return { rig, functionId, make, change, idOf };
}

const fieldsOf = (answer: { at(path: string): unknown }) => {
  const errors = answer.at('errors');
  return Array.isArray(errors) ? errors.map((error) => Object(error).field) : [];
};

for (const resourceType of ['SOURCE', 'DESTINATION', 'INSERT_SOURCE'] as const) {
  test(`a required setting of a ${resourceType} function that lacks a value is refused with its field`, async (t) => {
    const { make, change, idOf } = await start(t, resourceType);
    for (const isOn of [true, false]) {
      const refused = await make({}, isOn);
      assert.deepEqual([refused.status, fieldsOf(refused)], [422, refusedFields]);
      assert.equal(refused.at('errors.0.message'), '"settings.key" is required');
    }
    const empty = await make({ key: '', list: [], map: {}, on: false });
    assert.deepEqual(fieldsOf(empty), refusedFields.slice(0, 3), 'false is a value');
    const masked = await make({ ...given, key: '••••••••••••dada' });
    assert.deepEqual(fieldsOf(masked), ['settings.key'], 'a mask is none');
    const wrong = await make({ key: 1, list: 'x', map: [], on: 'yes', note: {} });
    assert.deepEqual(fieldsOf(wrong), [...refusedFields, 'settings.note']);

    const made = await make(given);
    assert.ok(made.status < 300, JSON.stringify(made.body));
    const id = idOf(made);
    assert.deepEqual(fieldsOf(await change(id, { settings: { key: null } })), ['settings.key']);
    assert.deepEqual(fieldsOf(await change(id, { settings: { list: [] } })), ['settings.list']);
    assert.equal((await change(id, { settings: { note: 'kept', key: '••••dada' } })).status, 200);
  });

  test(`what a ${resourceType} function has come to require is asked for at the next change, and keeps nothing on`, async (t) => {
    const { rig, functionId, make, change, idOf } = await start(t, resourceType);
    const id = idOf(await make(given));
    const body = { settings: [...declared, setting('new', 'STRING')] };
    assert.equal((await rig.call('PATCH', `/functions/${functionId}`, { body })).status, 200);
    assert.deepEqual(fieldsOf(await change(id, { name: 'N', settings: {} })), ['settings.new']);
    assert.equal((await change(id, { enabled: false, settings: {} })).status, 200);
    assert.deepEqual(fieldsOf(await change(id, { enabled: true, settings: {} })), ['settings.new']);
    const on = await change(id, { enabled: true, settings: { new: 'n' } });
    assert.equal(on.status, 200, JSON.stringify(on.body));
    const retyped = declared.map((one) => (one.name === 'key' ? { ...one, type: 'ARRAY' } : one));
    await rig.call('PATCH', `/functions/${functionId}`, { body: { settings: retyped } });
    assert.deepEqual(fieldsOf(await change(id, { name: 'O', settings: {} })), ['settings.key']);
  });
}
