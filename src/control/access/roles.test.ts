import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlRig, controlRig, everyOption } from '../testing/control-rig.ts';
import type { Grant } from './grant.ts';
import { roles } from './roles.ts';

function roleId(name: string): string {
  const role = roles.find((candidate) => candidate.name === name);
  assert(role !== undefined, name);
  return role.id;
}

describe('what a user may do', () => {
  let rig: ControlRig;
  let workspaceId: string;
  const sources = new Map<string, string>();
  before(async () => {
    rig = await controlRig();
    workspaceId = String((await rig.call('GET', '/')).at('data.workspace.id'));
    for (const slug of ['web', 'app', 'labelled']) {
      const body = { slug, metadataId: 'iUM16Md8P2' };
      const made = await rig.call('POST', '/sources', { body });
      sources.set(slug, String(made.at('data.source.id')));
    }
    const { db } = rig.store;
    const label = { workspace_id: workspaceId, key: 'team', value: 'a', position: 1 };
    await db
      .insertInto('label')
      .values({ ...label, description: null })
      .execute();
    await rig.call('POST', `/sources/${sources.get('labelled')}/labels`, {
      body: { labels: [{ key: 'team', value: 'a' }] },
    });
  });
  after(() => rig.close());

  let users = 0;
  /** A token of a new user with these grants, and with those of a group. */
  async function tokenWith(own: readonly Grant[], ofGroup: readonly Grant[] = []): Promise<string> {
    const { db } = rig.store;
    users += 1;
    const position = users;
    const [id, email, groupId] = [`u${position}`, `u${position}@example.com`, `g${position}`];
    const row = { workspace_id: workspaceId, position, name: groupId, created_at: 0 };
    const permissions = JSON.stringify(own);
    await db
      .insertInto('iam_user')
      .values({ ...row, id, email, permissions })
      .execute();
    const group = { ...row, id: groupId, permissions: JSON.stringify(ofGroup) };
    await db.insertInto('user_group').values(group).execute();
    await db
      .insertInto('user_group_member')
      .values({ group_id: groupId, email, position })
      .execute();
    const body = { name: 'x', permission: 'admin', userId: id };
    const made = await rig.call('POST', '/tokens', { body });
    return String(made.at('data.secret'));
  }

  function on(name: string, type: Grant['resources'][number]['type'], id: string): Grant {
    return { roleId: roleId(name), resources: [{ type, id }] };
  }

  async function statuses(token: string): Promise<Record<string, number>> {
    const source = (slug: string) => `/sources/${sources.get(slug)}`;
    const status = async (method: 'GET' | 'PATCH' | 'POST', path: string, body?: object) =>
      (await rig.call(method, path, { token, ...(body && { body }) })).status;
    return {
      workspace: await status('GET', '/'),
      web: await status('GET', source('web')),
      changeWeb: await status('PATCH', source('web'), { name: 'Web' }),
      app: await status('GET', source('app')),
      labelled: await status('GET', source('labelled')),
      make: await status('POST', '/sources', {
        slug: `s${Math.random()}`,
        metadataId: 'iUM16Md8P2',
      }),
      connect: await status('POST', '/destinations', {
        sourceId: sources.get('web'),
        metadataId: everyOption.id,
      }),
      tokens: await status('GET', '/tokens'),
    };
  }

  it('is everything as an owner of the workspace', async () => {
    const token = await tokenWith([on('Workspace Owner', 'WORKSPACE', workspaceId)]);
    assert.deepEqual(new Set(Object.values(await statuses(token))), new Set([200, 201]));
  });

  it('is limited to the source a role is given on; a list shows no other, write keys only an admin', async () => {
    const token = await tokenWith([
      on('Source Admin', 'SOURCE', sources.get('web') ?? ''),
      on('Source Read-only', 'SOURCE', sources.get('app') ?? ''),
    ]);
    assert.deepEqual(await statuses(token), {
      ...{ workspace: 200, web: 200, changeWeb: 200, app: 200, labelled: 403 },
      ...{ make: 403, connect: 200, tokens: 403 },
    });
    const list = await rig.call('GET', '/sources', { token });
    assert.equal(list.at('data.pagination.totalEntries'), 2);
    assert.equal(list.at('data.sources.0.slug'), 'web');
    assert.equal(typeof list.at('data.sources.0.writeKeys.0'), 'string');
    assert.deepEqual(list.at('data.sources.1.writeKeys'), []);
    const all = await rig.call('GET', '/destinations', { token });
    assert.equal(all.at('data.destinations.0.sourceId'), sources.get('web'));
  });

  it('comes from its groups as well', async () => {
    const group = [on('Source Read-only', 'SOURCE', sources.get('web') ?? '')];
    const seen = await statuses(await tokenWith([], group));
    assert.deepEqual([seen['web'], seen['changeWeb'], seen['app']], [200, 403, 403]);
  });

  it('may be limited to the resources with a label', async () => {
    const labels = [{ key: 'team', value: 'a' }];
    const resources = [{ id: workspaceId, type: 'WORKSPACE', labels }] as const;
    const token = await tokenWith([{ roleId: roleId('Source Admin'), resources }]);
    const seen = await statuses(token);
    assert.deepEqual([seen['labelled'], seen['web'], seen['make']], [200, 403, 403]);
    const list = await rig.call('GET', '/sources', { token });
    assert.equal(list.at('data.sources.0.slug'), 'labelled');
    assert.equal(list.at('data.pagination.totalEntries'), 1);
  });

  it('is nothing without a role, and nothing more once the user is gone', async () => {
    const token = await tokenWith([on('Workspace Owner', 'WORKSPACE', workspaceId)]);
    await rig.store.db.deleteFrom('iam_user').where('id', '=', `u${users}`).execute();
    assert.deepEqual(new Set(Object.values(await statuses(token))), new Set([403]));
  });

  it('never is more than its token’s own permission', async () => {
    const body = { name: 'x', permission: 'read', userId: 'u1' };
    const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    const path = `/sources/${sources.get('web')}`;
    assert.equal((await rig.call('GET', path, { token })).status, 200);
    assert.equal((await rig.call('PATCH', path, { token, body: {} })).status, 403);
  });
});
