import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';

async function makeToken(
  rig: ControlRig,
  permission: string,
): Promise<{ id: string; secret: string }> {
  const body = { name: permission, permission };
  const answer = await rig.call('POST', '/tokens', { body });
  assert.equal(answer.status, 201);
  return { id: String(answer.at('data.token.id')), secret: String(answer.at('data.secret')) };
}

describe('an access token', () => {
  it('may do what its permission says, and shows its secret once', async () => {
    const rig = await controlRig();
    const reader = await makeToken(rig, 'read');
    const writer = await makeToken(rig, 'write');
    const body = { slug: 'made', metadataId: 'iUM16Md8P2' };
    assert.equal((await rig.call('POST', '/sources', { body, token: reader.secret })).status, 403);
    assert.equal((await rig.call('POST', '/sources', { body, token: writer.secret })).status, 201);
    assert.equal((await rig.call('GET', '/tokens', { token: writer.secret })).status, 403);
    const list = await rig.call('GET', '/tokens');
    assert.equal(list.at('data.pagination.totalEntries'), 3);
    assert(!JSON.stringify(list.body).includes(reader.secret));
    await rig.close();
  });

  it('that may only read sees no write key', async () => {
    const rig = await controlRig();
    const reader = await makeToken(rig, 'read');
    const seen = await rig.call('GET', '/sources', { token: reader.secret });
    assert.deepEqual(seen.at('data.sources.0.writeKeys'), []);
    const admin = await rig.call('GET', '/sources');
    assert.equal(typeof admin.at('data.sources.0.writeKeys.0'), 'string');
    await rig.close();
  });

  it('stops at once when revoked; the last with admin stays', async () => {
    const rig = await controlRig();
    const reader = await makeToken(rig, 'read');
    assert.equal((await rig.call('DELETE', `/tokens/${reader.id}`)).status, 200);
    assert.equal((await rig.call('GET', '/', { token: reader.secret })).status, 401);
    const own = (await rig.call('GET', '/tokens')).at('data.tokens.0.id');
    assert.equal((await rig.call('DELETE', `/tokens/${own}`)).status, 409);
    await rig.close();
  });
});

describe('an access token with an end', () => {
  it('stops at its expiry, and shows when it was last used', async () => {
    const clock = new ManualClock();
    const rig = await controlRig({ clock });
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const body = { name: 'short', permission: 'read', expiresAt };
    const made = await rig.call('POST', '/tokens', { body });
    assert.equal(made.at('data.token.expiresAt'), expiresAt);
    assert.equal(made.at('data.token.lastUsedAt'), null);
    const token = String(made.at('data.secret'));
    const usedAt = new Date(clock.now()).toISOString();
    assert.equal((await rig.call('GET', '/', { token })).status, 200);
    const shown = async () => (await rig.call('GET', '/tokens')).at('data.tokens.1.lastUsedAt');
    while ((await shown()) === null);
    assert.equal(await shown(), usedAt);
    clock.advance(60_000);
    const late = await rig.call('GET', '/', { token });
    assert.equal(late.status, 401);
    assert.equal(late.at('errors.0.message'), 'The access token has expired');
    const unknown = { name: 'x', permission: 'read', userId: 'nobody' };
    const refused = await rig.call('POST', '/tokens', { body: unknown });
    assert.equal(refused.at('errors.0.field'), 'userId');
    await rig.close();
  });
});

describe('an access token with roles of its own', () => {
  it('may do what they allow, and is refused with roles or resources that there are not', async () => {
    const rig = await controlRig();
    const sources = await rig.call('GET', '/sources');
    const id = String(sources.at('data.sources.0.id'));
    const roleId = roles.find(({ name }) => name === 'Source Read-only')?.id;
    const permissions = [{ roleId, resources: [{ id, type: 'SOURCE' }] }];
    const body = { name: 'one source', permission: 'write', permissions };
    const made = await rig.call('POST', '/tokens', { body });
    assert.equal(made.at('data.token.permissions.0.roleName'), 'Source Read-only');
    const token = String(made.at('data.secret'));
    assert.equal((await rig.call('GET', `/sources/${id}`, { token })).status, 200);
    assert.equal((await rig.call('PATCH', `/sources/${id}`, { token, body: {} })).status, 403);

    const labels = [{ key: 'a', value: 'b' }];
    const wrong = [{ roleId: 'none', resources: [{ id: 'none', type: 'SPACE', labels }] }];
    const refused = await rig.call('POST', '/tokens', { body: { ...body, permissions: wrong } });
    const fields = [0, 1, 2].map((index) => refused.at(`errors.${index}.field`));
    assert.deepEqual(fields, [
      'permissions.0.roleId',
      'permissions.0.resources.0.labels',
      'permissions.0.resources.0.id',
    ]);
    await rig.close();
  });
});
