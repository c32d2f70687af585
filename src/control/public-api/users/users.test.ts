import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

function roleId(name: string): string | undefined {
  return roles.find((role) => role.name === name)?.id;
}

describe('users and invites', () => {
  let rig: ControlRig;
  let workspaceId: string;
  before(async () => {
    rig = await controlRig();
    workspaceId = String((await rig.call('GET', '/')).at('data.workspace.id'));
  });
  after(() => rig.close());

  function owner(name = 'Workspace Owner') {
    return [{ roleId: roleId(name), resources: [{ id: workspaceId, type: 'WORKSPACE' }] }];
  }

  async function invite(body: unknown) {
    return rig.call('POST', '/invites', { body: { invites: body } });
  }

  it('who was invited becomes a user with the roles and groups of the invite, and the invite ends', async () => {
    const permissions = [{ roleId: roleId('Source Read-only') }];
    const made = await invite([{ email: 'Ada@Example.com', permissions }]);
    assert.deepEqual([made.status, made.at('data.emails')], [201, ['ada@example.com']]);
    const group = await rig.call('POST', '/groups', { body: { name: 'Readers' } });
    const groupId = group.at('data.userGroup.id');
    const put = await rig.call('POST', `/groups/${groupId}/users`, {
      body: { emails: ['ADA@example.com'] },
    });
    assert.equal(put.at('data.userGroup.memberCount'), 1);
    const waiting = await rig.call('GET', `/groups/${groupId}/invites`);
    assert.deepEqual(waiting.at('data.emails'), ['ada@example.com']);

    const body = { email: 'ada@example.com', name: 'Ada', permissions: owner('Function Admin') };
    const user = await rig.call('POST', '/users', { body });
    assert.deepEqual(
      [0, 1].map((index) => user.at(`data.user.permissions.${index}.roleName`)),
      ['Source Read-only', 'Function Admin'],
    );
    assert.equal(
      user.at('data.user.permissions.0.resources.0.id'),
      workspaceId,
      'without resources it is the workspace',
    );
    assert.deepEqual((await rig.call('GET', '/invites')).at('data.invites'), []);
    const users = await rig.call('GET', `/groups/${groupId}/users`);
    assert.equal(users.at('data.users.0.name'), 'Ada');
    assert.deepEqual((await rig.call('GET', `/groups/${groupId}/invites`)).at('data.emails'), []);
    const groups = await rig.call('GET', `/users/${user.at('data.user.id')}/groups`);
    assert.equal(groups.at('data.groups.0.name'), 'Readers');
  });

  it('an address is invited once, and a user is not invited', async () => {
    await invite([{ email: 'twice@example.com' }]);
    const twice = await invite([{ email: 'new@example.com' }, { email: 'Twice@example.com' }]);
    assert.deepEqual([twice.status, twice.at('errors.0.field')], [409, 'invites.1.email']);
    assert(!JSON.stringify((await rig.call('GET', '/invites')).body).includes('new@example.com'));
    const user = await invite([{ email: 'ada@example.com' }]);
    assert.equal(user.status, 409);
    assert.equal((await invite([{ email: 'no address' }])).at('errors.0.field'), 'invites.0.email');
    const again = { email: 'ada@example.com', name: 'Ada' };
    assert.equal((await rig.call('POST', '/users', { body: again })).status, 409);
  });

  it('an invite with labels is for what of the workspace carries one of them', async () => {
    const labels = [{ key: 'environment', value: 'dev' }];
    const ofSource = { roleId: roleId('Source Admin'), labels };
    const wrong = await invite([
      {
        email: 'label@example.com',
        permissions: [{ ...ofSource, resources: [{ id: 'x', type: 'SOURCE' }] }],
      },
    ]);
    assert.equal(wrong.at('errors.0.field'), 'invites.0.permissions.0.labels');
    const unknown = [{ ...ofSource, labels: [{ key: 'no', value: 'such' }] }];
    const none = await invite([{ email: 'label@example.com', permissions: unknown }]);
    assert.equal(none.at('errors.0.field'), 'invites.0.permissions.0.resources.0.labels');
    await invite([{ email: 'label@example.com', permissions: [ofSource] }]);
    const body = { email: 'label@example.com', name: 'L' };
    const user = await rig.call('POST', '/users', { body });
    assert.deepEqual(user.at('data.user.permissions.0.resources.0.labels'), labels);
  });

  it('an invite is taken back with its place in groups', async () => {
    await invite([{ email: 'back@example.com' }]);
    const group = await rig.call('POST', '/groups', { body: { name: 'Back' } });
    const path = `/groups/${group.at('data.userGroup.id')}`;
    await rig.call('POST', `${path}/users`, { body: { emails: ['back@example.com'] } });
    assert.equal((await rig.call('DELETE', '/invites?emails[0]=Back@example.com')).status, 200);
    assert.equal((await rig.call('DELETE', '/invites?emails.0=back@example.com')).status, 404);
    assert.equal((await rig.call('GET', path)).at('data.userGroup.memberCount'), 0);
  });

  it('permissions are added, a role that is held getting the resources it lacks, or replaced', async () => {
    const body = { email: 'roles@example.com', name: 'R', permissions: owner('Source Admin') };
    const id = (await rig.call('POST', '/users', { body })).at('data.user.id');
    const source = (await rig.call('GET', '/sources')).at('data.sources.0.id');
    const more = [
      ...owner('Source Admin'),
      { roleId: roleId('Source Admin'), resources: [{ id: source, type: 'SOURCE' }] },
      ...owner('Function Read-only'),
    ];
    const path = `/users/${id}/permissions`;
    const added = await rig.call('POST', path, { body: { permissions: more } });
    assert.deepEqual(added.at('data.permissions.0.resources'), [
      { id: workspaceId, type: 'WORKSPACE' },
      { id: source, type: 'SOURCE' },
    ]);
    assert.equal(added.at('data.permissions.1.roleName'), 'Function Read-only');
    const replaced = await rig.call('PUT', path, { body: { permissions: [] } });
    assert.deepEqual(replaced.at('data.permissions'), []);
    const wrong = { permissions: [{ roleId: 'none', resources: [] }] };
    const refused = await rig.call('PUT', path, { body: wrong });
    assert.equal(refused.at('errors.0.field'), 'permissions.0.roleId');
  });

  it('a user that is deleted leaves its groups, and its tokens stop at once', async () => {
    const body = { email: 'gone@example.com', name: 'G', permissions: owner() };
    const userId = (await rig.call('POST', '/users', { body })).at('data.user.id');
    const made = await rig.call('POST', '/tokens', {
      body: { name: 'g', permission: 'admin', userId },
    });
    const token = String(made.at('data.secret'));
    assert.equal((await rig.call('GET', '/users', { token })).status, 200);
    const group = await rig.call('POST', '/groups', { body: { name: 'Leaving' } });
    const path = `/groups/${group.at('data.userGroup.id')}`;
    await rig.call('POST', `${path}/users`, { body: { emails: ['gone@example.com'] } });
    assert.equal((await rig.call('DELETE', `/users?userIds=${userId}`)).status, 200);
    assert.equal((await rig.call('GET', '/users', { token })).status, 401);
    assert.equal((await rig.call('GET', path)).at('data.userGroup.memberCount'), 0);
    assert.equal((await rig.call('DELETE', `/users?userIds=${userId}`)).status, 404);
  });
});

it('nothing may take away the last who may give roles: neither a token, nor a user, nor its role', async () => {
  const rig = await controlRig();
  const workspaceId = (await rig.call('GET', '/')).at('data.workspace.id');
  const resources = [{ id: workspaceId, type: 'WORKSPACE' }];
  const permissions = [{ roleId: roleId('Workspace Owner'), resources }];
  const user = await rig.call('POST', '/users', { body: { email: 'o@example.com', name: 'O' } });
  const group = await rig.call('POST', '/groups', { body: { name: 'Owners' } });
  const groupPath = `/groups/${group.at('data.userGroup.id')}`;
  await rig.call('POST', `${groupPath}/users`, { body: { emails: ['o@example.com'] } });
  await rig.call('PUT', `${groupPath}/permissions`, { body: { permissions } });
  const userId = user.at('data.user.id');
  const made = await rig.call('POST', '/tokens', {
    body: { name: 'o', permission: 'admin', userId },
  });
  const token = String(made.at('data.secret'));
  const first = (await rig.call('GET', '/tokens')).at('data.tokens.0.id');
  assert.equal((await rig.call('DELETE', `/tokens/${first}`)).status, 200);

  for (const [method, path, body] of [
    ['DELETE', `/tokens/${made.at('data.token.id')}`],
    ['DELETE', `/users?userIds=${userId}`],
    ['DELETE', groupPath],
    ['PUT', `${groupPath}/permissions`, { permissions: [] }],
    ['PUT', groupPath.replace('groups', 'group').concat('/users'), { emails: [] }],
    ['DELETE', groupPath.replace('groups', 'group').concat('/users?emails=o@example.com')],
  ] as const) {
    const answer = await rig.call(method, path, { token, ...(body && { body }) });
    assert.equal(answer.status, 409, `${method} ${path}`);
  }
  assert.equal((await rig.call('GET', '/users', { token })).status, 200);
  await rig.close();
});
