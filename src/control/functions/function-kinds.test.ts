import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { functionDestinationSlug } from '../../core/functions.ts';
import { isSealed, openJsonSettings } from '../../core/secret-box.ts';
import { type ControlRig, controlRig, everyOption, testSecrets } from '../testing/control-rig.ts';
import { inBrowser } from '../testing/in-browser.ts';

const setting = (name: string, type: string, sensitive = false) => ({
  ...{ name, label: name, description: '', required: false },
  ...{ type, sensitive },
});

const declared = [
  setting('key', 'STRING', true),
  setting('list', 'ARRAY', true),
  setting('map', 'TEXT_MAP'),
  setting('on', 'BOOLEAN', true),
];
const given = { key: 'a-long-secret-dada', list: ['x', 'y'], map: { a: 'b' }, on: true };

async function start(t: TestContext, resourceType: string) {
  const rig = await controlRig();
  t.after(() => rig.close());
  const body = { resourceType, code: 'let a = 1;', displayName: 'F', settings: declared };
  const made = await rig.call('POST', '/functions', { body });
  const path = `/functions/${made.at('data.function.id')}`;
  const catalogId = String(made.at('data.function.catalogId'));
  const deploy = () => rig.call('POST', `${path}/deploy`);
  return { rig, path, catalogId, deploy };
}

function connect(rig: ControlRig, metadataId: string, settings: object = given) {
  const sourceId = rig.control.snapshot().sources[0]?.id;
  return rig.call('POST', '/destinations', { body: { sourceId, metadataId, settings } });
}

test('a destination function is an entry of the catalogue once it is deployed, and not before', async (t) => {
  const { rig, catalogId, deploy } = await start(t, 'DESTINATION');
  const entries = async () =>
    (await rig.call('GET', '/catalog/destinations')).at('data.pagination.totalEntries');
  const before = Number(await entries());
  const early = await connect(rig, catalogId);
  assert.deepEqual([early.status, early.at('errors.0.field')], [422, 'metadataId']);
  assert.equal((await rig.call('GET', `/catalog/destinations/${catalogId}`)).status, 404);
  await deploy();
  assert.equal(await entries(), before + 1);
  const entry = await rig.call('GET', `/catalog/destinations/${catalogId}`);
  const name = `F (${rig.control.snapshot().workspace.name})`;
  assert.equal(entry.at('data.destinationMetadata.name'), name);
  assert.equal(entry.at('data.destinationMetadata.options.0.type'), 'password');
  assert.equal((await connect(rig, catalogId)).status, 200);
});

test('its destinations have the code that is deployed; what is only saved runs nowhere', async (t) => {
  const { rig, path, catalogId, deploy } = await start(t, 'DESTINATION');
  await deploy();
  await connect(rig, catalogId);
  const connection = () => rig.control.snapshot().connections[0];
  const code = () => connection()?.function?.version.code;
  assert.equal(connection()?.slug, functionDestinationSlug);
  assert.equal(connection()?.integration, `F (${rig.control.snapshot().workspace.name})`);
  assert.deepEqual(connection()?.function?.secrets, ['key', 'list', 'on']);
  const first = connection()?.function?.version.id;
  await rig.call('PATCH', path, { body: { code: 'let a = 2;' } });
  assert.equal(code(), 'let a = 1;');
  await deploy();
  assert.equal(code(), 'let a = 2;');
  assert.notEqual(connection()?.function?.version.id, first);
});

test('settings of every type are held to their types, secrets sealed and shown masked', async (t) => {
  const { rig, catalogId, deploy } = await start(t, 'DESTINATION');
  await deploy();
  const wrong = await connect(rig, catalogId, { key: 1, list: 'x', map: [], on: 'yes' });
  assert.equal(wrong.status, 422);
  for (const [index, name] of ['key', 'list', 'map', 'on'].entries()) {
    assert.equal(wrong.at(`errors.${index}.field`), `settings.${name}`);
  }
  const made = await connect(rig, catalogId);
  const masked = {
    key: '••••••••••••dada',
    list: ['••••••••••••', '••••••••••••'],
    map: { a: 'b' },
    on: '••••••••••••',
  };
  assert.deepEqual(made.at('data.destination.settings'), masked);
  const { id = '', settings = {} } = rig.control.snapshot().connections[0] ?? {};
  for (const name of ['key', 'list', 'on']) assert(isSealed(settings[name]), name);
  assert.deepEqual(openJsonSettings(testSecrets, settings, id), given);
  const body = { settings: { ...masked, map: null } };
  await rig.call('PATCH', `/destinations/${id}`, { body });
  const after = rig.control.snapshot().connections[0]?.settings ?? {};
  const { map: _gone, ...rest } = given;
  assert.deepEqual(openJsonSettings(testSecrets, after, id), rest);
});

test('a source function is a kind of source: its sources have its code and their own settings', async (t) => {
  const { rig, path, catalogId, deploy } = await start(t, 'SOURCE');
  const body = { slug: 'hooks', metadataId: catalogId, settings: given };
  assert.equal((await rig.call('POST', '/sources', { body })).status, 422);
  await deploy();
  const made = await rig.call('POST', '/sources', { body });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal(made.at('data.source.settings.key'), '••••••••••••dada');
  assert.equal(made.at('data.source.metadata.name'), 'F');
  const id = String(made.at('data.source.id'));
  const own = () => rig.control.snapshot().sources.find((source) => source.id === id)?.function;
  assert.deepEqual(own()?.secrets, ['key', 'list', 'on']);
  assert.deepEqual(openJsonSettings(testSecrets, own()?.settings ?? {}, id), given);
  await rig.call('PATCH', `/sources/${id}`, { body: { settings: { key: null, on: false } } });
  const { key: _gone, ...rest } = { ...given, on: false };
  assert.deepEqual(openJsonSettings(testSecrets, own()?.settings ?? {}, id), rest);
  await rig.call('PATCH', path, { body: { code: 'let a = 2;' } });
  assert.equal(own()?.version.code, 'let a = 1;');
  const used = await rig.call('DELETE', path);
  assert.equal(used.status, 409);
  await rig.call('DELETE', `/sources/${id}`);
  assert.equal((await rig.call('DELETE', path)).status, 200);
});

test('an insert function at a source is in its place in the snapshot, while it is on and deployed', async (t) => {
  const { rig, path, deploy } = await start(t, 'INSERT_SOURCE');
  const integrationId = rig.control.snapshot().sources[0]?.id;
  const functionId = path.split('/').at(-1);
  const body = { functionId, integrationId, name: 'I', settings: given };
  const made = await rig.call('POST', '/insert-function-instances', { body });
  const instance = String(made.at('data.insertFunctionInstance.id'));
  const insert = () => rig.control.snapshot().sources[0]?.insert;
  assert.equal(insert(), undefined);
  await deploy();
  assert.equal(insert()?.id, instance);
  assert.equal(insert()?.version.code, 'let a = 1;');
  assert.deepEqual(openJsonSettings(testSecrets, insert()?.settings ?? {}, instance), given);
  const off = { enabled: false, settings: {} };
  await rig.call('PATCH', `/insert-function-instances/${instance}`, { body: off });
  assert.equal(insert(), undefined);
});

test('a transformation function runs wherever an instance puts it: at sources and at destinations', async (t) => {
  const { rig, path, deploy } = await start(t, 'INSERT_TRANSFORMATION');
  await deploy();
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const made = await connect(rig, everyOption.id, {});
  const destinationId = made.at('data.destination.id');
  for (const integrationId of [sourceId, destinationId]) {
    const body = { functionId: path.split('/').at(-1), integrationId, name: 'I', settings: given };
    assert.equal((await rig.call('POST', '/insert-function-instances', { body })).status, 200);
  }
  const { sources, connections } = rig.control.snapshot();
  const connection = connections.find(({ id }) => id === destinationId);
  for (const insert of [sources[0]?.insert, connection?.insert]) {
    assert.deepEqual([insert?.version.kind, insert?.version.code], ['insert', 'let a = 1;']);
  }
});

test('one insert function is on at a place: another is refused until it is off', async (t) => {
  const { rig, path, deploy } = await start(t, 'INSERT_SOURCE');
  await deploy();
  const integrationId = rig.control.snapshot().sources[0]?.id;
  const functionId = path.split('/').at(-1);
  const put = async (enabled: boolean) => {
    const body = { functionId, integrationId, name: 'I', enabled, settings: given };
    const answer = await rig.call('POST', '/insert-function-instances', { body });
    return { status: answer.status, id: String(answer.at('data.insertFunctionInstance.id')) };
  };
  const turn = async (id: string, enabled: boolean) =>
    (
      await rig.call('PATCH', `/insert-function-instances/${id}`, {
        body: { enabled, settings: {} },
      })
    ).status;
  const first = await put(true);
  assert.equal((await put(true)).status, 409);
  const second = await put(false);
  assert.equal(second.status, 200);
  assert.equal(await turn(second.id, true), 409);
  assert.equal(await turn(first.id, true), 200, 'it is on already');
  assert.equal(await turn(first.id, false), 200);
  assert.equal(await turn(second.id, true), 200);
  assert.equal(rig.control.snapshot().sources[0]?.insert?.id, second.id);
});

test('nothing is inserted in front of a destination that runs in the browser', async (t) => {
  const rig = await controlRig({ definitions: [inBrowser] });
  t.after(() => rig.close());
  const body = { resourceType: 'INSERT_DESTINATION', code: '1', displayName: 'F' };
  const functionId = (await rig.call('POST', '/functions', { body })).at('data.function.id');
  const made = await connect(rig, inBrowser.id, { appId: '7' });
  const integrationId = made.at('data.destination.id');
  const refused = await rig.call('POST', '/insert-function-instances', {
    body: { functionId, integrationId, name: 'I', settings: {} },
  });
  assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'integrationId']);
});

test('what becomes sensitive is sealed wherever it is set', async (t) => {
  const { rig, path, catalogId, deploy } = await start(t, 'DESTINATION');
  await deploy();
  await connect(rig, catalogId);
  const settings = () => rig.control.snapshot().connections[0]?.settings ?? {};
  assert.deepEqual(settings()['map'], { a: 'b' });
  const sensitive = declared.map((one) => ({ ...one, sensitive: true }));
  await rig.call('PATCH', path, { body: { settings: sensitive } });
  assert(isSealed(settings()['map']));
  const id = rig.control.snapshot().connections[0]?.id ?? '';
  assert.deepEqual(openJsonSettings(testSecrets, settings(), id), given);
});
