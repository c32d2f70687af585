import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';

const fieldsOf = (answer: Awaited<ReturnType<ControlRig['call']>>) => {
  const errors = answer.at('errors');
  return Array.isArray(errors) ? errors.map((error) => Object(error).field) : [];
};

const setting = (name: string, more: object = {}) => ({
  ...{ name, label: name, description: '', type: 'STRING', required: false, sensitive: false },
  ...more,
});

async function start(given: object = {}) {
  const rig = await controlRig();
  const create = (more: object = {}) =>
    rig.call('POST', '/functions', {
      body: { resourceType: 'SOURCE', code: 'let a = 1;', displayName: 'F', ...more },
    });
  const made = await create(given);
  const id = String(made.at('data.function.id'));
  const path = `/functions/${id}`;
  return { rig, create, made, id, path };
}

/** A token with one role on one resource. */
async function roleToken(rig: ControlRig, name: string, type: string, id: string) {
  const roles = (await rig.call('GET', '/roles')).at('data.roles');
  const role = Array.isArray(roles) && roles.find((one) => Object(one).name === name);
  const permissions = [{ roleId: Object(role).id, resources: [{ id, type }] }];
  const body = { name, permission: 'write', permissions };
  return String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
}

describe('a function', () => {
  it('has an id with the prefix of its type', async () => {
    const { rig, create } = await start();
    for (const [resourceType, prefix] of [
      ['SOURCE', 'sfnc_'],
      ['DESTINATION', 'dfnc_'],
      ['INSERT_SOURCE', 'ifns_'],
      ['INSERT_DESTINATION', 'ifnd_'],
      ['INSERT_TRANSFORMATION', 'ifnt_'],
    ]) {
      const made = await create({ resourceType });
      assert(String(made.at('data.function.id')).startsWith(String(prefix)));
    }
    const listed = await rig.call('GET', '/functions?resourceType=SOURCE');
    assert.equal(listed.at('data.pagination.totalEntries'), 2);
    assert.equal(listed.at('data.functions.0.code'), undefined);
    assert.equal((await rig.call('GET', '/functions')).at('data.pagination.totalEntries'), 6);
    await rig.close();
  });

  it('of a destination bears the name of the workspace, also when that is written back', async () => {
    const { rig, made, path } = await start({ resourceType: 'DESTINATION' });
    const { name } = rig.control.snapshot().workspace;
    assert.equal(made.at('data.function.displayName'), `F (${name})`);
    const body = { displayName: `F (${name})`, description: 'd' };
    const changed = await rig.call('PATCH', path, { body });
    assert.equal(changed.at('data.function.displayName'), `F (${name})`);
    await rig.close();
  });

  it('has a version for each code that is saved, and runs none before it is deployed', async () => {
    const { rig, made, path } = await start();
    assert.equal(made.at('data.function.deployedAt'), null);
    assert.equal(made.at('data.function.isLatestVersion'), false);
    const deployed = await rig.call('POST', `${path}/deploy`);
    assert.deepEqual(deployed.at('data'), { functionDeployment: { status: 'SUCCESS' } });
    assert.equal((await rig.call('GET', path)).at('data.function.isLatestVersion'), true);
    await rig.call('PATCH', path, { body: { code: 'let a = 2;' } });
    await rig.call('PATCH', path, { body: { code: 'let a = 2;', description: 'same code' } });
    const shown = await rig.call('GET', path);
    assert.equal(shown.at('data.function.code'), 'let a = 2;');
    assert.equal(shown.at('data.function.isLatestVersion'), false);
    assert.equal(typeof shown.at('data.function.deployedAt'), 'string');
    const versions = await rig.call('GET', `${path}/versions`);
    assert.equal(versions.at('data.pagination.totalEntries'), 2);
    assert.equal(versions.at('data.versions.0.isDeployed'), true);
    assert.equal(versions.at('data.versions.1.isDeployed'), false);

    const versionId = versions.at('data.versions.0.id');
    const restored = await rig.call('POST', `${path}/versions`, { body: { versionId } });
    assert.equal(restored.at('data.version.code'), 'let a = 1;');
    assert.equal(restored.at('data.version.isDeployed'), false);
    assert.notEqual(restored.at('data.version.id'), versionId);
    assert.equal((await rig.call('GET', path)).at('data.function.code'), 'let a = 1;');
    await rig.call('POST', `${path}/deploy`);
    const after = await rig.call('GET', `${path}/versions`);
    assert.deepEqual(
      [0, 1, 2].map((index) => after.at(`data.versions.${index}.isDeployed`)),
      [false, false, true],
    );
    const none = await rig.call('POST', `${path}/versions`, { body: { versionId: 'none' } });
    assert.equal(none.status, 404);
    await rig.close();
  });

  it('keeps so many versions, and never throws the deployed one away', async () => {
    const { rig, path } = await start({ code: '0' });
    await rig.call('POST', `${path}/deploy`);
    for (let index = 1; index <= limits.functionVersions; index += 1) {
      await rig.call('PATCH', path, { body: { code: `${index}` } });
    }
    const versions = await rig.call('GET', `${path}/versions`);
    assert.equal(versions.at('data.pagination.totalEntries'), limits.functionVersions);
    assert.equal(versions.at('data.versions.0.code'), '0');
    assert.equal(versions.at('data.versions.1.code'), '2');
    await rig.close();
  });

  it('may be saved when its code is broken, but not deployed, and nothing of it is run', async () => {
    const { rig, path } = await start({ code: 'let ok = 1;\nfunction (' });
    const refused = await rig.call('POST', `${path}/deploy`);
    assert.deepEqual([refused.status, fieldsOf(refused)], [422, ['code']]);
    assert.match(String(refused.at('errors.0.message')), /at line 2: /);
    await rig.call('PATCH', path, { body: { code: 'throw 1; for (;;);' } });
    assert.equal((await rig.call('POST', `${path}/deploy`)).status, 200);
    await rig.close();
  });

  it('declares each setting once', async () => {
    const { rig, create, path } = await start();
    const settings = [setting('a'), setting('a')];
    assert.deepEqual(fieldsOf(await create({ settings })), ['settings.1.name']);
    const changed = await rig.call('PATCH', path, { body: { settings: [setting('b')] } });
    assert.deepEqual(changed.at('data.function.settings'), [setting('b')]);
    await rig.close();
  });

  it('is shown to a role on it alone, which may change it and make no other', async () => {
    const { rig, id, path, create } = await start();
    await create();
    const token = await roleToken(rig, 'Function Admin', 'FUNCTION', id);
    const listed = await rig.call('GET', '/functions', { token });
    assert.equal(listed.at('data.pagination.totalEntries'), 1);
    const body = { description: 'mine' };
    assert.equal((await rig.call('PATCH', path, { token, body })).status, 200);
    const other = { resourceType: 'SOURCE', code: '', displayName: 'F' };
    assert.equal((await rig.call('POST', '/functions', { token, body: other })).status, 403);
    const unknown = [{ roleId: 'x', resources: [{ id: 'sfnc_none', type: 'FUNCTION' }] }];
    const refused = await rig.call('POST', '/tokens', {
      body: { name: 'n', permission: 'read', permissions: unknown },
    });
    assert(fieldsOf(refused).includes('permissions.0.resources.0.id'));
    await rig.close();
  });
});

describe('an instance of an insert function', () => {
  const settings = [
    setting('plain'),
    setting('secret', { sensitive: true }),
    setting('list', { type: 'ARRAY', sensitive: true }),
    setting('map', { type: 'TEXT_MAP' }),
    setting('on', { type: 'BOOLEAN' }),
  ];

  async function insert() {
    const stand = await start({ resourceType: 'INSERT_DESTINATION', settings });
    const { rig, id } = stand;
    const sourceId = String(rig.control.snapshot().sources[0]?.id);
    const body = { sourceId, metadataId: everyOption.id, settings: {} };
    const destinationId = (await rig.call('POST', '/destinations', { body })).at(
      'data.destination.id',
    );
    const place = (more: object = {}, token?: string) =>
      rig.call('POST', '/insert-function-instances', {
        ...(token !== undefined && { token }),
        body: {
          functionId: id.slice('ifnd_'.length),
          integrationId: destinationId,
          name: 'I',
          settings: {},
          ...more,
        },
      });
    return { ...stand, sourceId, destinationId, place };
  }

  it('keeps its secrets sealed, shows them masked and apart, and takes a mask for no change', async () => {
    const { rig, place, destinationId, id } = await insert();
    const given = {
      plain: 'p',
      secret: 'a-long-secret-dada',
      list: ['another-secret-dede', 'x'],
      map: { a: 'b' },
      on: true,
    };
    const made = await place({ settings: given });
    const instance = Object(made.at('data.insertFunctionInstance'));
    assert.equal(instance.integrationId, destinationId);
    assert.equal(instance.classId, id.slice('ifnd_'.length));
    assert.deepEqual(instance.settings, { plain: 'p', map: { a: 'b' }, on: true });
    const masked = {
      secret: '••••••••••••dada',
      list: ['••••••••••••dede', '••••••••••••'],
    };
    assert.deepEqual(instance.encryptedSettings, masked);
    const stored = async () =>
      (
        await rig.store.db
          .selectFrom('function_instance')
          .select('settings')
          .executeTakeFirstOrThrow()
      ).settings;
    assert(!/long-secret|another-secret/.test(await stored()));
    const before = JSON.parse(await stored());
    const path = `/insert-function-instances/${instance.id}`;
    const changed = await rig.call('PATCH', path, {
      body: { enabled: false, settings: { ...masked, plain: null, on: false } },
    });
    assert.deepEqual(changed.at('data.insertFunctionInstance.encryptedSettings'), masked);
    assert.deepEqual(changed.at('data.insertFunctionInstance.settings'), {
      map: { a: 'b' },
      on: false,
    });
    assert.equal(JSON.parse(await stored()).secret, before.secret);
    const audit = await rig.store.db
      .selectFrom('audit_event')
      .select(['before', 'after'])
      .execute();
    assert(!/long-secret|another-secret/.test(JSON.stringify(audit)));
    await rig.close();
  });

  it('is refused where the types of settings or the place do not fit', async () => {
    const { rig, create, place, sourceId } = await insert();
    const wrong = { plain: 1, secret: [], list: 'x', map: { a: 1 }, on: 'yes' };
    assert.deepEqual(
      fieldsOf(await place({ settings: wrong })),
      Object.keys(wrong).map((name) => `settings.${name}`),
    );
    const atSource = await place({ integrationId: sourceId });
    assert.deepEqual([atSource.status, fieldsOf(atSource)], [422, ['integrationId']]);
    assert.equal((await place({ integrationId: 'none' })).status, 404);
    assert.equal((await place({ functionId: 'none' })).status, 404);
    const functionId = (await create()).at('data.function.id');
    const notInserted = await place({ functionId });
    assert.deepEqual([notInserted.status, fieldsOf(notInserted)], [422, ['functionId']]);
    await rig.close();
  });

  it('keeps its function from being deleted, and goes with its destination', async () => {
    const { rig, path, place, destinationId, id } = await insert();
    await place();
    const used = await rig.call('DELETE', path);
    assert.equal(used.status, 409);
    const listed = await rig.call('GET', `/insert-function-instances?functionId=${id}`);
    assert.equal(listed.at('data.pagination.totalEntries'), 1);
    await rig.call('DELETE', `/destinations/${destinationId}`);
    assert.equal((await rig.call('DELETE', path)).status, 200);
    await rig.close();
  });

  it('asks for the function and for the source, however the function is named', async () => {
    const { rig, place, id } = await insert();
    const token = await roleToken(rig, 'Function Admin', 'FUNCTION', id);
    assert.equal((await place({}, token)).status, 403);
    const made = await place();
    const path = `/insert-function-instances/${made.at('data.insertFunctionInstance.id')}`;
    const body = { settings: {}, name: 'J' };
    assert.equal((await rig.call('PATCH', path, { token, body })).status, 200);
    const query = `/insert-function-instances?functionId=${id.slice('ifnd_'.length)}`;
    assert.equal((await rig.call('GET', query, { token })).status, 200);
    await rig.close();
  });
});
