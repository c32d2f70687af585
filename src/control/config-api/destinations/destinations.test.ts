import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

describe('a destination of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  let sourceId: string;
  const collection = '/workspaces/default/sources/shop/destinations';
  const name = `${collection.slice(1)}/every-option`;
  const here = `${collection}/every-option`;
  const setting = (key: string, value: unknown, type = 'string') => ({
    name: `${name}/config/${key}`,
    type,
    value,
  });
  const patch = (destination: object | undefined, ...paths: string[]) =>
    call('PATCH', here, {
      body: { ...(destination && { destination }), update_mask: { paths } },
    });
  /** The value of a setting, as an answer shows it. */
  const settingOf = (answer: { body: unknown }, key: string) => {
    const { config } = JSON.parse(JSON.stringify(answer.body));
    return config.find((entry: { name: string }) => entry.name === `${name}/config/${key}`)?.value;
  };
  const publicId = async () => {
    const list = await rig.call('GET', '/destinations');
    return String(list.at('data.destinations.0.id'));
  };

  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
    const source = await rig.call('POST', '/sources', {
      body: { slug: 'shop', metadataId: 'IqDTy1TpoU' },
    });
    sourceId = String(source.at('data.source.id'));
    await call('POST', collection, {
      body: {
        destination: {
          name,
          connection_mode: 'CLOUD',
          config: [
            setting('hooks', ['https://a.example'], 'list'),
            setting('secret', 'a very long secret'),
          ],
        },
      },
    });
  });
  after(() => rig.close());

  it('is made disabled, and shows every setting with its default, name and type, secrets masked', async () => {
    const answer = await call('GET', here);
    assert.equal(answer.at('enabled'), false);
    assert.equal(answer.at('display_name'), 'Every Option');
    assert.equal(answer.at('parent'), 'workspaces/default/sources/shop');
    assert.equal(answer.at('connection_mode'), 'CLOUD');
    assert.deepEqual(answer.at('config'), [
      { ...setting('hooks', ['https://a.example'], 'list'), display_name: 'hooks' },
      { ...setting('secret', '••••••••••••cret'), display_name: 'secret' },
      { ...setting('region', 'eu'), display_name: 'region' },
      { ...setting('on', null, 'boolean'), display_name: 'on' },
      { ...setting('rate', null, 'number'), display_name: 'rate' },
      { ...setting('headers', null, 'map'), display_name: 'headers' },
    ]);
  });

  it('is the one that the Public API has', async () => {
    const other = await rig.call('GET', `/destinations/${await publicId()}`);
    assert.equal(other.at('data.destination.enabled'), false);
    assert.deepEqual(other.at('data.destination.settings.hooks'), ['https://a.example']);
    assert.equal(rig.settings(await publicId())?.['secret'], 'a very long secret');
    const body = { name: 'Renamed', enabled: true, settings: { rate: 3 } };
    await rig.call('PATCH', `/destinations/${await publicId()}`, { body });
    const read = await call('GET', here);
    assert.equal(read.at('display_name'), 'Renamed');
    assert.equal(read.at('enabled'), true);
    assert.equal(settingOf(read, 'rate'), 3);
  });

  it('merges its config by the names of settings, and a masked secret stays', async () => {
    const shown = await call('GET', here);
    const config = [setting('region', 'us'), setting('secret', settingOf(shown, 'secret'))];
    const changed = await patch({ config, enabled: false }, 'destination.config');
    assert.equal(settingOf(changed, 'region'), 'us');
    assert.deepEqual(settingOf(changed, 'hooks'), ['https://a.example']);
    assert.equal(changed.at('enabled'), true, 'not in the mask');
    assert.equal(rig.settings(await publicId())?.['secret'], 'a very long secret');
    const other = await rig.call('GET', `/destinations/${await publicId()}`);
    assert.equal(other.at('data.destination.settings.region'), 'us');
    assert.equal(
      settingOf(await patch({ config: [{ name: 'region' }] }, 'config'), 'region'),
      'eu',
    );
  });

  it('is enabled and disabled by the mask alone, in both places it is printed', async () => {
    assert.equal((await patch(undefined, 'destination.enabled')).at('enabled'), false);
    const update_mask = { paths: ['destination.enabled'] };
    const inside = await call('PATCH', here, {
      body: { destination: { enabled: true, update_mask } },
    });
    assert.equal(inside.at('enabled'), true);
    const reset = await call('PATCH', here, { body: { destination: { update_mask } } });
    assert.equal(reset.at('enabled'), false);
    const ignored = await call('PATCH', here, { body: { destination: { enabled: true } } });
    assert.equal(ignored.at('enabled'), false);
    assert.equal(
      (await rig.call('GET', `/destinations/${await publicId()}`)).at('data.destination.enabled'),
      false,
    );
  });

  it('resets the whole config, the display name and the mode where they have no value', async () => {
    await patch(
      { config: [setting('rate', 9, 'number')], display_name: 'X' },
      'config',
      'display_name',
    );
    const reset = await patch({}, 'destination.display_name', 'destination.connection_mode');
    assert.equal(reset.at('display_name'), 'Every Option');
    assert.equal(reset.at('connection_mode'), 'UNSPECIFIED');
    assert.equal(settingOf(reset, 'rate'), 9);
    const bare = await patch({ config: [] }, 'destination.config');
    assert.equal(settingOf(bare, 'rate'), null);
    assert.equal(settingOf(bare, 'region'), 'eu');
    assert.deepEqual(rig.settings(await publicId()), { region: 'eu' });
    const mode = await patch({ connection_mode: 'CLOUD' }, 'connection_mode');
    assert.equal(mode.at('connection_mode'), 'CLOUD');
  });

  it('reads the examples of the tutorial, quoted with apostrophes', async () => {
    const text = `{
      'destination': {
        'enabled': 'true',
        'config': [{
          'name': '${name}/config/on',
          'type': 'boolean',
          'value': true
        }]
      },
      'update_mask': {
        'paths': ['destination.enabled', 'destination.config']
      }
    }`;
    const answer = await call('PATCH', here, { text });
    assert.equal(answer.at('enabled'), true);
    assert.equal(settingOf(answer, 'on'), true);
  });

  it('refuses settings of a wrong type, of another destination, and a mode that its kind has not', async () => {
    const wrong = await patch({ config: [setting('rate', 'fast')] }, 'config');
    refused(wrong, 400, 3, /"destination\.config\.rate" must be a number/);
    const foreign = [
      { name: 'workspaces/default/sources/js/destinations/every-option/config/rate' },
    ];
    refused(await patch({ config: foreign }, 'config'), 400, 3, /config\.0\.name/);
    refused(await patch({ connection_mode: 'DEVICE' }, 'connection_mode'), 400, 3, /CLOUD/);
    refused(await patch({ config: 'none' }, 'config'), 400, 3, /must be an array/);
    refused(await patch({ config: [7] }, 'config'), 400, 3, /config\.0/);
  });

  it('shows when it was changed, whoever changed it', async () => {
    const before = await call('GET', here);
    await rig.call('PATCH', `/destinations/${await publicId()}`, { body: { name: 'Later' } });
    const later = await call('GET', here);
    assert.equal(later.at('create_time'), before.at('create_time'));
    assert(String(later.at('update_time')) >= String(before.at('update_time')));
  });

  it('is made once by its name; further ones of its kind have their id in the name', async () => {
    refused(await call('POST', collection, { body: { destination: { name } } }), 409, 6);
    refused(await call('POST', collection, { body: { destination: { name: 'none' } } }), 400, 3);
    const other = 'workspaces/default/sources/js/destinations/every-option';
    refused(await call('POST', collection, { body: { destination: { name: other } } }), 400, 3);
    const metadataId = '5f0000000000000000000001';
    const made = await rig.call('POST', '/destinations', {
      body: { sourceId, metadataId, name: 'Second' },
    });
    const id = String(made.at('data.destination.id'));
    const list = await call('GET', collection);
    assert.equal(list.at('destinations.0.name'), name);
    assert.equal(list.at('destinations.1.name'), `${name}-${id}`);
    const second = await call('GET', `${here}-${id}`);
    assert.equal(second.at('display_name'), 'Second');
    assert.equal(second.at('config.0.name'), `${name}-${id}/config/hooks`);
    assert.deepEqual((await call('DELETE', here)).body, {});
    const left = await call('GET', here);
    assert.equal(left.at('name'), name, 'now it is the first');
    assert.equal((await call('GET', `${here}-${id}`)).at('name'), name);
    await rig.call('DELETE', `/destinations/${id}`);
    refused(await call('GET', here), 404, 5);
  });
});
