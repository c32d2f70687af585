import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('users, invites, groups and roles, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let users: InstanceType<typeof sdk.IAMUsersApi>;
  let groups: InstanceType<typeof sdk.IAMGroupsApi>;
  let workspaceId: string;
  const roleIds = new Map<string, string>();
  before(async () => {
    stand = await sdkStand();
    users = stand.api(sdk.IAMUsersApi);
    groups = stand.api(sdk.IAMGroupsApi);
    workspaceId = dataOf(await stand.api(sdk.WorkspacesApi).getWorkspace()).workspace.id;
    await walk(async (pagination) => {
      const { roles, pagination: page } = dataOf(
        await stand.api(sdk.IAMRolesApi).listRoles(pagination),
      );
      for (const { id, name } of roles) roleIds.set(name, id);
      return { ids: roles.map(({ id }) => id), next: page.next };
    }, 7);
  });
  after(() => stand.close());

  const page = { count: 200 };
  const { WORKSPACE: type } = sdk.PermissionResourceV1.TypeEnum;

  function permission(name: string) {
    const roleId = roleIds.get(name);
    assert(roleId !== undefined, name);
    return { roleId, resources: [{ id: workspaceId, type }] };
  }

  /** What the SDK has no call for: who was invited comes. */
  async function join(email: string): Promise<string> {
    const made = await stand.rig.call('POST', '/users', { body: { email, name: email } });
    return String(made.at('data.user.id'));
  }

  it('people are invited, come, get other roles and go', async () => {
    const email = 'ada@example.com';
    const invite = { email, permissions: [permission('Source Read-only')] };
    const invited = await users.createInvites({ invites: [invite] });
    assert.equal(invited.response.statusCode, 201);
    assert.deepEqual(dataOf(invited).emails, [email]);
    assert.deepEqual(dataOf(await users.listInvites(page)).invites, [email]);
    await refused(users.createInvites({ invites: [invite] }), 409, 'conflict');
    await users.createInvites({ invites: [{ email: 'not+coming@example.com' }] });
    await users.deleteInvites(['not+coming@example.com']);
    await refused(users.deleteInvites(['not+coming@example.com']), 404, 'not-found');

    const id = await join(email);
    const user = dataOf(await users.getUser(id)).user;
    assert.equal(user.permissions?.[0]?.roleName, 'Source Read-only');
    assert(dataOf(await users.listUsers(page)).users.some((one) => one.id === id));
    const added = await users.addPermissionsToUser(id, {
      permissions: [permission('Function Admin')],
    });
    assert.equal(dataOf(added).permissions.length, 2);
    const replaced = await users.replacePermissionsForUser(id, {
      permissions: [permission('Workspace Owner')],
    });
    assert.deepEqual(dataOf(replaced).permissions[0]?.resources[0]?.id, workspaceId);
    const wrong = { permissions: [{ ...permission('Workspace Owner'), roleId: 'none' }] };
    await refused(users.replacePermissionsForUser(id, wrong), 422, 'input-validation');
    await users.deleteUsers([id]);
    await refused(users.getUser(id), 404, 'not-found');
  });

  it('groups are made, filled, given roles, emptied and deleted', async () => {
    const { id } = dataOf(await groups.createUserGroup({ name: 'Analysts' })).userGroup;
    await users.createInvites({ invites: [{ email: 'invited@example.com' }] });
    const userId = await join('member@example.com');
    const emails = ['member@example.com', 'invited@example.com'];
    const filled = await groups.addUsersToUserGroup(id, { emails });
    assert.equal(dataOf(filled).userGroup.memberCount, 2);
    const members = dataOf(await groups.listUsersFromUserGroup(id, page)).users;
    assert.deepEqual(
      members.map(({ email }) => email),
      ['member@example.com'],
    );
    const waiting = dataOf(await groups.listInvitesFromUserGroup(id, page)).emails;
    assert.deepEqual(waiting, ['invited@example.com']);
    const own = dataOf(await users.listUserGroupsFromUser(userId, page)).groups;
    assert.equal(own[0]?.name, 'Analysts');

    await groups.addPermissionsToUserGroup(id, { permissions: [permission('Source Admin')] });
    await groups.replacePermissionsForUserGroup(id, {
      permissions: [permission('Source Read-only')],
    });
    const group = dataOf(await groups.getUserGroup(id)).userGroup;
    assert.equal(group.permissions?.[0]?.roleName, 'Source Read-only');
    const renamed = dataOf(await groups.updateUserGroup(id, { name: 'Readers' })).userGroup;
    assert.equal(renamed.name, 'Readers');
    await groups.removeUsersFromUserGroup(id, ['invited@example.com']);
    await groups.replaceUsersInUserGroup(id, { emails: [] });
    assert.equal(dataOf(await groups.getUserGroup(id)).userGroup.memberCount, 0);
    await groups.deleteUserGroup(id);
    await refused(groups.getUserGroup(id), 404, 'not-found');
  });

  it('all of them are listed in pages', async () => {
    const numbers = Array.from({ length: 25 }, (_, index) => index);
    const emails = numbers.map((number) => `many-${number}@example.com`);
    await users.createInvites({ invites: emails.map((email) => ({ email })) });
    const { id } = dataOf(await groups.createUserGroup({ name: 'All' })).userGroup;
    await groups.addUsersToUserGroup(id, { emails });
    const invites = await walk(async (pagination) => {
      const data = dataOf(await users.listInvites(pagination));
      return { ids: data.invites, next: data.pagination.next };
    }, 4);
    assert.deepEqual(
      invites.filter((email) => email.startsWith('many-')),
      emails,
    );
    const invited = await walk(async (pagination) => {
      const data = dataOf(await groups.listInvitesFromUserGroup(id, pagination));
      return { ids: data.emails, next: data.pagination.next };
    }, 10);
    assert.deepEqual(invited, emails);
    for (const email of emails) await join(email);
    const joined = await walk(async (pagination) => {
      const data = dataOf(await groups.listUsersFromUserGroup(id, pagination));
      return { ids: data.users.map(({ email }) => email), next: data.pagination.next };
    }, 6);
    assert.deepEqual(joined, emails);
    const listed = await walk(async (pagination) => {
      const data = dataOf(await users.listUsers(pagination));
      return { ids: data.users.map(({ email }) => email), next: data.pagination.next };
    }, 6);
    assert.deepEqual(
      listed.filter((email) => email.startsWith('many-')),
      emails,
    );
    for (const number of numbers) await groups.createUserGroup({ name: `Group ${number}` });
    const names = await walk(async (pagination) => {
      const data = dataOf(await groups.listUserGroups(pagination));
      return { ids: data.userGroups.map(({ name }) => name), next: data.pagination.next };
    }, 9);
    assert.deepEqual(
      names.filter((name) => name.startsWith('Group ')),
      numbers.map((number) => `Group ${number}`),
    );
  });

  it('labels are made, listed and deleted; the trail shows it, newest first', async () => {
    const labels = stand.api(sdk.LabelsApi);
    const label = { key: 'team', value: 'data', description: 'Data' };
    const made = await labels.createLabel({ label });
    assert.equal(made.response.statusCode, 201);
    assert.deepEqual({ ...dataOf(made).label }, label);
    await refused(labels.createLabel({ label }), 409, 'conflict');
    const listed = dataOf(await labels.listLabels()).labels;
    assert.deepEqual(
      listed.map(({ key, value }) => `${key}:${value}`),
      ['environment:dev', 'environment:prod', 'team:data'],
    );
    await labels.deleteLabel('team', 'data');
    await refused(labels.deleteLabel('team', 'data'), 404, 'not-found');

    const trail = stand.api(sdk.AuditTrailApi);
    const events = dataOf(await trail.listAuditEvents(page, undefined, undefined, 'team:data'));
    assert.deepEqual(
      events.events.map((event) => event.type),
      ['Label Deleted', 'Label Created'],
    );
    const ids = await walk(async (pagination) => {
      const data = dataOf(await trail.listAuditEvents(pagination));
      return { ids: data.events.map((event) => event.id), next: data.pagination?.next };
    }, 10);
    assert(ids.length > 25 && new Set(ids).size === ids.length);
    const late = new Date(Date.now() + 60_000).toISOString();
    assert.equal(dataOf(await trail.listAuditEvents(page, late)).events.length, 0);
  });
});
