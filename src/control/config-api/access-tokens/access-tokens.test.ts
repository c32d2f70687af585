import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { adminToken, type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

describe('an access token of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  const make = (access_token: object, options = {}) =>
    call('POST', '/access-tokens', { body: { access_token }, ...options });
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
  });
  after(() => rig.close());

  it('is shown once, and is good for both APIs within its scope', async () => {
    const workspace_names = ['workspaces/default'];
    const made = await make({ description: 'mine', scopes: 'workspace:read', workspace_names });
    assert.match(String(made.at('name')), /^access-tokens\/\d+$/);
    assert.deepEqual(made.at('workspace_names'), workspace_names);
    const token = String(made.at('token'));
    const read = await call('GET', `/${made.at('name')}`);
    assert.equal(read.at('token'), undefined);
    assert.equal(read.at('scopes'), 'workspace:read');
    assert.equal((await call('GET', '/workspaces', { token })).status, 200);
    assert.equal((await rig.call('GET', '/sources', { token })).status, 200);
    const body = { slug: 'x', metadataId: 'IqDTy1TpoU' };
    assert.equal((await rig.call('POST', '/sources', { body, token })).status, 403);
    refused(await make({ scopes: 'workspace' }, { token }), 403, 7, /insufficient scope/);
  });

  it('is listed whichever API made it, and revoked at once for both', async () => {
    const body = { name: 'theirs', permission: 'write' };
    const secret = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    const list = JSON.parse(JSON.stringify((await call('GET', '/access-tokens')).body));
    const theirs = list.access_tokens.at(-1);
    assert.deepEqual([theirs.description, theirs.scopes], ['theirs', 'workspace:write']);
    assert.deepEqual((await call('DELETE', `/${theirs.name}`)).body, {});
    assert.equal((await rig.call('GET', '/sources', { token: secret })).status, 401);
    refused(await call('GET', '/workspaces', { token: secret }), 401, 16);
    const made = await make({ description: 'ours', scopes: 'workspace' });
    const tokens = JSON.parse(JSON.stringify((await rig.call('GET', '/tokens')).body)).data.tokens;
    assert.deepEqual([tokens.at(-1).name, tokens.at(-1).permission], ['ours', 'admin']);
    await rig.call('DELETE', `/tokens/${tokens.at(-1).id}`);
    refused(await call('GET', `/${made.at('name')}`), 404, 5);
  });

  it('changes its description when the mask names it', async () => {
    const made = await make({ description: 'first', scopes: 'workspace:read' });
    const patch = (body: object) => call('PATCH', `/${made.at('name')}`, { body });
    const access_token = { description: 'second' };
    assert.equal((await patch({ access_token })).at('description'), 'first');
    const update_mask = { paths: ['access_token.description'] };
    assert.equal((await patch({ access_token, update_mask })).at('description'), 'second');
    assert.equal((await patch({ access_token: {}, update_mask })).at('description'), '');
    refused(await patch({ update_mask: 'access_token.scopes' }), 400, 3);
  });

  it('is made with Basic too, an access token standing for the password', async () => {
    const basic = (password: string) => ({
      token: '',
      headers: {
        authorization: `Basic ${Buffer.from(`a@example.com:${password}`).toString('base64')}`,
      },
    });
    const made = await make({ scopes: 'workspace:read' }, basic(adminToken));
    assert.equal(made.status, 200);
    refused(await make({ scopes: 'workspace' }, basic('wrong')), 401, 16);
    refused(await make({ scopes: 'workspace' }, basic(String(made.at('token')))), 403, 7);
    refused(await call('GET', '/access-tokens', basic(adminToken)), 401, 16);
  });

  it('is of this workspace, and of a known scope', async () => {
    refused(await make({ scopes: 'destination/webhooks' }), 400, 3, /scopes/);
    for (const key of ['workspace_names', 'workspaceNames']) {
      refused(await make({ scopes: 'workspace', [key]: ['workspaces/other'] }), 400, 3, /other/);
    }
  });

  it('stays while nobody else could make another', async () => {
    const tokens = JSON.parse(JSON.stringify((await call('GET', '/access-tokens')).body));
    const admins = tokens.access_tokens.filter(
      ({ scopes }: { scopes: string }) => scopes === 'workspace',
    );
    assert.equal(admins.length, 1);
    refused(await call('DELETE', `/${admins[0].name}`), 409, 6);
  });
});
