import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findRole, roles } from '../../access/roles.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

describe('access by the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  let userId: string;
  const base = '/workspaces/default';
  const idOf = (name: string) => roles.find((role) => role.name === name)?.id ?? '';
  const sourceAdmin = idOf('Source Admin');
  const policies = async (role = '-') => {
    const { body } = await call('GET', `${base}/roles/${role}/policies`);
    return JSON.parse(JSON.stringify(body)).policies;
  };
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
    const body = { email: 'ada@example.com', name: 'Ada', permissions: [] };
    await rig.call('POST', '/users', { body });
    userId = String((await rig.call('GET', '/users')).at('data.users.0.id'));
    const source = { name: 'js', catalog_name: 'catalog/sources/javascript' };
    await call('POST', `${base}/sources`, { body: { source } });
  });
  after(() => rig.close());

  it('lists the roles that the Public API has, by the same ids', async () => {
    const answer = await call('GET', `${base}/roles?page_size=1000`);
    const listed = JSON.parse(JSON.stringify(answer.body)).roles;
    assert.equal(listed.length, roles.length);
    for (const { name, display_name } of listed) {
      assert.equal(findRole(name.split('/').at(-1))?.name, display_name);
    }
  });

  it('lists the users that the Public API has', async () => {
    const answer = await call('GET', `${base}/users`);
    assert.equal(answer.at('users.0.name'), `workspaces/default/users/${userId}`);
    assert.equal(answer.at('users.0.email'), 'ada@example.com');
  });

  it('gives a role on a resource as a policy, which the Public API shows as a permission', async () => {
    const policy = { resource: 'workspaces/default/sources/js', subject: 'ada@example.com' };
    const create = () =>
      call('POST', `${base}/roles/${sourceAdmin}/policies`, { body: { policy } });
    const made = await create();
    assert.equal(made.at('role'), `workspaces/default/roles/${sourceAdmin}`);
    assert.equal(made.at('resource'), policy.resource);
    assert.equal(made.at('subject'), `workspaces/default/users/${userId}`);
    const user = await rig.call('GET', `/users/${userId}`);
    assert.equal(user.at('data.user.permissions.0.roleId'), sourceAdmin);
    assert.equal(user.at('data.user.permissions.0.resources.0.type'), 'SOURCE');
    refused(await create(), 409, 6);
    assert.deepEqual(await policies(), [made.body]);
    assert.deepEqual(await policies(sourceAdmin), [made.body]);
    assert.deepEqual(await policies(idOf('Workspace Owner')), []);
    assert.deepEqual((await call('DELETE', `/${made.at('name')}`)).body, {});
    refused(await call('DELETE', `/${made.at('name')}`), 404, 5);
    const later = await rig.call('GET', `/users/${userId}`);
    assert.deepEqual(later.at('data.user.permissions'), []);
  });

  it('shows the roles that the Public API gave, also to a group, and takes one of them away', async () => {
    const group = await rig.call('POST', '/groups', { body: { name: 'Analysts' } });
    const groupId = String(group.at('data.userGroup.id'));
    const workspaceId = rig.control.snapshot().workspace.id;
    const label = { key: 'environment', value: 'dev' };
    const resources = [
      { type: 'WORKSPACE', id: workspaceId, labels: [label] },
      { type: 'WORKSPACE', id: workspaceId },
    ];
    await rig.call('POST', '/labels', { body: { label } });
    const permissions = [{ roleId: idOf('Source Read-only'), resources }];
    await rig.call('PUT', `/groups/${groupId}/permissions`, { body: { permissions } });
    const [limited, whole] = await policies();
    assert.deepEqual(limited.labels, [label]);
    assert.equal(limited.subject, `workspaces/default/groups/${groupId}`);
    assert.equal(whole.resource, 'workspaces/default');
    assert.equal(whole.labels, undefined);
    await call('DELETE', `/${whole.name}`);
    assert.deepEqual(await policies(), [limited]);
  });

  it('refuses a policy of nobody, and on nothing', async () => {
    const create = (policy: object) =>
      call('POST', `${base}/roles/${sourceAdmin}/policies`, { body: { policy } });
    const subject = `workspaces/default/users/${userId}`;
    const resource = 'workspaces/default';
    refused(await create({ resource, subject: 'nobody@example.com' }), 400, 3, /policy\.subject/);
    for (const none of ['workspaces/other', 'workspaces/default/sources/none', 'x']) {
      refused(await create({ resource: none, subject }), 400, 3, /policy\.resource/);
    }
  });

  it('keeps somebody who can give roles', async () => {
    const owner = idOf('Workspace Owner');
    const tokens = await rig.store.db.selectFrom('token').select('id').execute();
    const policy = { resource: 'workspaces/default', subject: userId };
    await call('POST', `${base}/roles/${owner}/policies`, { body: { policy } });
    const body = { name: 'hers', permission: 'admin', userId };
    const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    for (const { id } of tokens) await rig.call('DELETE', `/tokens/${id}`, { token });
    const list = await call('GET', `${base}/roles/${owner}/policies`, { token });
    refused(await call('DELETE', `/${list.at('policies.0.name')}`, { token }), 409, 6);
  });
});

describe('an invite by the Config API', () => {
  it('is the one that the Public API has, with the roles it promises', async () => {
    const rig = await controlRig();
    const call = configCalls(rig);
    const base = '/workspaces/default/invites';
    const role = `workspaces/default/roles/${roles[0]?.id}`;
    const invite = {
      email: 'Bob@example.com',
      policies: [{ role, resource: 'workspaces/default' }],
    };
    const made = await call('POST', base, { body: { invite } });
    assert.equal(made.at('email'), 'bob@example.com');
    assert.deepEqual(made.at('policies'), invite.policies);
    refused(await call('POST', base, { body: { invite } }), 409, 6);
    assert.deepEqual((await rig.call('GET', '/invites')).at('data.invites'), ['bob@example.com']);
    await rig.call('POST', '/invites', { body: { invites: [{ email: 'eve@example.com' }] } });
    assert.equal((await call('GET', base)).at('invites.1.email'), 'eve@example.com');
    assert.deepEqual((await call('DELETE', `/${made.at('name')}`)).body, {});
    assert.deepEqual((await call('DELETE', `${base}/eve@example.com`)).body, {});
    assert.deepEqual((await rig.call('GET', '/invites')).at('data.invites'), []);
    const unknown = { email: 'x@example.com', policies: [{ role: 'none' }] };
    refused(await call('POST', base, { body: { invite: unknown } }), 400, 3, /policies\.0\.role/);
    refused(await call('POST', base, { body: { invite: { email: 'x' } } }), 400, 3, /email/);
    await rig.close();
  });
});
