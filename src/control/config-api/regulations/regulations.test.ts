import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

describe('a regulation of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  const base = '/workspaces/default/regulations';
  const ofSource = '/workspaces/default/sources/http-api/regulations';
  const regulate = (regulation_type: string, values: unknown, path = base, name = 'userId') =>
    call('POST', path, { body: { regulation_type, attributes: { name, values } } });
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
    const destination = { name: everyOption.slug };
    await call('POST', '/workspaces/default/sources/http-api/destinations', {
      body: { destination },
    });
  });
  after(() => rig.close());

  it('suppresses at once, and both APIs list whom', async () => {
    const made = await regulate('Suppress', ['u1', 'u2']);
    const id = String(made.at('regulate_id'));
    const other = await rig.call('GET', `/regulations/${id}`);
    assert.equal(other.at('data.regulation.overallStatus'), 'FINISHED');
    assert.deepEqual(
      (await call('GET', '/workspaces/default/suppressed-users')).at('suppressed_users'),
      ['u1', 'u2'],
    );
    assert.equal(
      (await rig.call('GET', '/suppressions')).at('data.suppressed.0.subjectIds.0'),
      'u1',
    );
    const body = { regulationType: 'UNSUPPRESS', subjectType: 'USER_ID', subjectIds: ['u1'] };
    await rig.call('POST', '/regulations', { body });
    assert.deepEqual(
      (await call('GET', '/workspaces/default/suppressed-users')).at('suppressed_users'),
      ['u2'],
    );
    await regulate('UNSUPPRESS', ['u2']);
    const read = await call('GET', `${base}/${id}`);
    assert.equal(read.at('regulation_type'), 'Suppress');
    assert.deepEqual(read.at('attributes'), { name: 'userId', values: ['u1', 'u2'] });
    assert.equal(read.at('parent'), 'workspaces/default');
    assert.equal(read.at('status'), 'FINISHED');
  });

  it('knows each word that clients use, and lists by type and status', async () => {
    for (const word of [
      'Suppress_With_Delete',
      'Delete',
      'Delete_Internal',
      'SUPPRESS_AND_DELETE',
    ]) {
      assert.equal((await regulate(word, ['u9'])).status, 200, word);
    }
    const list = await call(
      'GET',
      `${base}?regulation_types=Delete,Delete_Internal&status=INITIALIZED`,
    );
    const { regulations } = JSON.parse(JSON.stringify(list.body));
    assert.deepEqual(
      regulations.map((one: { regulation_type: string }) => one.regulation_type),
      ['Delete', 'Delete_Internal'],
    );
    refused(await call('GET', `${base}?regulation_types=None`), 400, 3, /regulation_types/);
    refused(await call('GET', `${base}?status=None`), 400, 3, /status/);
  });

  it('says of a deletion what each destination does, and is taken back until something was deleted', async () => {
    const id = (await regulate('Suppress_With_Delete', ['u3'])).at('regulate_id');
    const read = await call('GET', `${base}/${id}`);
    assert.equal(read.at('status'), 'INITIALIZED');
    assert.equal(read.at('finish_time'), undefined);
    assert.equal(read.at('stream_status.0.id'), 'workspaces/default/sources/http-api');
    const target = 'stream_status.0.destination_status.0';
    assert.equal(read.at(`${target}.status`), 'NOT_SUPPORTED');
    assert.match(String(read.at(`${target}.err_string`)), /was off/);
    assert.equal(read.at(`${target}.finish_time`), '');
    assert.deepEqual((await call('DELETE', `${base}/${id}`)).body, {});
    assert.equal((await rig.call('GET', `/regulations/${id}`)).status, 404);
    const done = (await regulate('Suppress', ['u4'])).at('regulate_id');
    refused(await call('DELETE', `${base}/${done}`), 409, 6, /FINISHED/);
  });

  it('of a source is about its users alone, also the anonymous ones', async () => {
    const made = await regulate('Suppress', ['a1'], ofSource, 'anonymousId');
    const id = made.at('regulate_id');
    const read = await call('GET', `${ofSource}/${id}`);
    assert.equal(read.at('parent'), 'workspaces/default/sources/http-api');
    assert.equal((await call('GET', ofSource)).at('regulations.0.id'), id);
    assert.equal((await call('GET', `${base}/${id}`)).at('id'), id);
    const ofWorkspace = (await regulate('Delete', ['u5'])).at('regulate_id');
    refused(await call('GET', `${ofSource}/${ofWorkspace}`), 404, 5);
    refused(await call('DELETE', `${ofSource}/${ofWorkspace}`), 404, 5);
    const pending = (await regulate('Delete', ['u6'], ofSource)).at('regulate_id');
    assert.deepEqual((await call('DELETE', `${ofSource}/${pending}`)).body, {});
  });

  it('has a known type and attribute, and 1 to 5,000 values', async () => {
    refused(await regulate('Forget', ['u']), 400, 3, /regulation_type/);
    refused(await regulate('Delete_Archive_Only', ['u']), 400, 3, /regulation_type/);
    refused(await regulate('Delete', ['u'], base, 'anonymousId'), 400, 3, /attributes\.name/);
    refused(await regulate('Delete', ['u'], ofSource, 'objectId'), 400, 3, /attributes\.name/);
    refused(await regulate('Delete', []), 400, 3, /attributes\.values/);
    const many = Array.from({ length: 5_001 }, (_, index) => `u${index}`);
    refused(await regulate('Delete', many), 400, 3, /attributes\.values/);
    await regulate('Suppress', ['held']);
    refused(await regulate('Unsuppress', ['held'], ofSource), 400, 3, /attributes\.values\.0/);
  });

  it('is read with the role for it on the whole workspace', async () => {
    const { id } = roles.find(({ name }) => name === 'Source Admin') ?? {};
    const resources = [{ id: rig.control.snapshot().workspace.id, type: 'WORKSPACE' }];
    const permissions = [{ roleId: id, resources }];
    const body = { name: 'sources only', permission: 'admin', permissions };
    const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    for (const path of [base, ofSource, '/workspaces/default/suppressed-users']) {
      refused(await call('GET', path, { token }), 403, 7);
    }
  });
});

it('a deletion is not taken back once destinations may have been told of it', async () => {
  const clock = new ManualClock();
  const rig = await controlRig({ clock });
  const call = configCalls(rig);
  const base = '/workspaces/default/regulations';
  const attributes = { name: 'userId', values: ['u'] };
  const body = { regulation_type: 'Delete', attributes };
  const id = (await call('POST', base, { body })).at('regulate_id');
  clock.advance(limits.deletionSettleMs / 2);
  refused(await call('DELETE', `${base}/${id}`), 409, 6, /RUNNING/);
  await rig.close();
});
