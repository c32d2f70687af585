import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { roles } from '../../access/roles.ts';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

describe('a function of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  let base: string;
  const code = 'async function onTrack(event, settings) {}';
  const settings = [{ name: 'apiKey', type: 'STRING', sensitive: true, required: true }];
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
    // As its clients do: by the id of the workspace.
    base = `/workspaces/${rig.control.snapshot().workspace.id}/functions`;
  });
  after(() => rig.close());

  const make = async (given: object = {}, type = 'DESTINATION') => {
    const body = { type, function: { display_name: 'Mine', code, buildpack: 'boreal', ...given } };
    return call('POST', base, { body });
  };

  it('is made and deployed, and the Public API has the same one', async () => {
    const made = await make({ settings, description: 'Why' });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    assert.equal(made.at('type'), 'DESTINATION');
    assert.equal(made.at('status'), 'DEPLOYED');
    assert.equal(made.at('is_latest'), true);
    assert.deepEqual(made.at('settings.0'), { ...settings[0], label: 'apiKey', description: '' });
    const path = `/functions/${made.at('id')}`;
    const other = await rig.call('GET', path);
    assert.equal(other.at('data.function.code'), code);
    assert.equal(other.at('data.function.displayName'), made.at('display_name'));
    const body = { code: `${code} // theirs`, description: 'Theirs' };
    await rig.call('PATCH', path, { body });
    const read = await call('GET', `${base}/${made.at('id')}`);
    assert.equal(read.at('code'), body.code);
    assert.equal(read.at('description'), 'Theirs');
    assert.equal(read.at('is_latest'), false, 'what is deployed runs on');
    assert.deepEqual((await call('DELETE', `${base}/${made.at('id')}`)).body, {});
    assert.equal((await rig.call('GET', path)).status, 404);
  });

  it('is listed by its type, whichever API made it', async () => {
    const body = { resourceType: 'SOURCE', displayName: 'Theirs', code: '// theirs' };
    const id = (await rig.call('POST', '/functions', { body })).at('data.function.id');
    const ours = (await make()).at('id');
    const list = async (query: string) => {
      const { functions } = JSON.parse(JSON.stringify((await call('GET', base + query)).body));
      return functions.map((one: { id: string }) => one.id);
    };
    assert.deepEqual(await list('?type=SOURCE'), [id]);
    assert.deepEqual(await list('?type=DESTINATION'), [ours]);
    assert.deepEqual(await list(''), [id, ours]);
    assert.equal((await call('GET', `${base}/${id}`)).at('status'), 'NOT_DEPLOYED');
    refused(await call('GET', `${base}?type=OTHER`), 400, 3, /type/);
    await rig.call('DELETE', `/functions/${ours}`);
    refused(await call('GET', `${base}/${ours}`), 404, 5);
  });

  it('changes what its mask names, as a text or a list, and deploys other code', async () => {
    const id = (await make({ settings })).at('id');
    const next = `${code} // next`;
    const given = { id, code: next, description: 'ignored', buildpack: 'boreal' };
    const patch = (body: object) => call('PATCH', `${base}/${id}`, { body });
    const changed = await patch({ update_mask: 'function.code', function: given });
    assert.deepEqual([changed.at('code'), changed.at('description')], [next, '']);
    assert.equal(changed.at('is_latest'), true);
    const named = { display_name: 'Named', settings: [] };
    const update_mask = ['function.display_name', 'function.settings'];
    const renamed = await patch({ update_mask, function: named });
    assert.match(String(renamed.at('display_name')), /^Named/);
    assert.deepEqual(renamed.at('settings'), []);
    const reset = await patch({ update_mask: { paths: ['display_name', 'code'] } });
    assert.match(String(reset.at('display_name')), /^Untitled function/);
    assert.equal(reset.at('code'), '');
    const versions = await rig.call('GET', `/functions/${id}/versions`);
    assert.equal(versions.at('data.pagination.totalEntries'), 3);
  });

  it('has code that is JavaScript, a known type and settings that are such', async () => {
    refused(await make({ code: 'function (' }), 400, 3, /"function\.code"/);
    refused(await make({}, 'OTHER'), 400, 3, /"type"/);
    for (const [setting, place] of [
      [7, 'function.settings.0'],
      [{}, 'function.settings.0.name'],
      [{ name: 'a', type: 'DATE' }, 'function.settings.0.type'],
      [{ name: 'a', required: 'yes' }, 'function.settings.0.required'],
    ] as const) {
      const answer = await make({ settings: [setting] });
      refused(answer, 400, 3);
      assert(String(answer.at('error')).startsWith(`"${place}"`), String(answer.at('error')));
    }
    const twice = await make({ settings: [{ name: 'a' }, { name: 'a' }] });
    refused(twice, 400, 3, /"function\.settings\.1\.name"/);
    const list = await rig.call('GET', '/functions?resourceType=INSERT_SOURCE');
    assert.deepEqual(list.at('data.functions'), [], 'what was refused was not kept');
  });

  it('is read by a token whose role is on it alone, by its id with and without the prefix', async () => {
    const id = String((await make()).at('id'));
    const other = String((await make()).at('id'));
    const { id: roleId } = roles.find(({ name }) => name === 'Function Admin') ?? {};
    const permissions = [{ roleId, resources: [{ id, type: 'FUNCTION' }] }];
    const body = { name: 'one function', permission: 'write', permissions };
    const token = String((await rig.call('POST', '/tokens', { body })).at('data.secret'));
    assert.equal((await call('GET', `${base}/${id}`, { token })).status, 200);
    assert.equal((await call('GET', `${base}/${id.split('_')[1]}`, { token })).status, 200);
    refused(await call('GET', `${base}/${other}`, { token }), 403, 7);
    const list = await call('GET', base, { token });
    assert.deepEqual([list.at('functions.0.id'), list.at('functions.1')], [id, undefined]);
  });
});
