import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { controlRig, everyOption } from '../../testing/control-rig.ts';
import { inBrowser, preset } from '../../testing/in-browser.ts';

async function start(t: TestContext) {
  const rig = await controlRig({ definitions: [everyOption, inBrowser] });
  t.after(() => rig.close());
  const sourceId = rig.control.snapshot().sources[0]?.id;
  const connect = (settings: object, metadataId = inBrowser.id) =>
    rig.call('POST', '/destinations', { body: { sourceId, metadataId, settings } });
  const snapshot = () => rig.control.snapshot();
  return { rig, connect, snapshot };
}

test('a destination in the browser begins with its presets, and nothing is delivered to it from here', async (t) => {
  const { rig, connect, snapshot } = await start(t);
  const made = await connect({ appId: '7' });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  assert.deepEqual(snapshot().connections, []);
  const id = String(made.at('data.destination.id'));
  assert.deepEqual(snapshot().deviceDestinations, [
    {
      ...{ id, sourceId: snapshot().sources[0]?.id, integration: 'In Browser', enabled: true },
      bundle: inBrowser.bundle,
      settings: { appId: '7', on: true },
      subscriptions: [preset],
    },
  ]);
  const shown = await rig.call('GET', `/destinations/${id}/device-mode`);
  assert.deepEqual(shown.at('data.deviceMode'), {
    scripts: [
      { path: '/next-integrations/actions/1/2b.js', integrity: 'sha384-y' },
      { path: '/next-integrations/actions/in-browser/1a.js', integrity: 'sha384-x' },
    ],
    missingSettings: [],
    subscriptions: [preset],
  });
});

test('without a required setting it is not told to analytics.js, and the API says which', async (t) => {
  const { rig, connect, snapshot } = await start(t);
  const id = String((await connect({ appId: '' })).at('data.destination.id'));
  assert.equal(snapshot().deviceDestinations, undefined);
  const path = `/destinations/${id}`;
  const missing = async () =>
    (await rig.call('GET', `${path}/device-mode`)).at('data.deviceMode.missingSettings');
  assert.deepEqual(await missing(), ['appId']);
  await rig.call('PATCH', path, { body: { settings: { appId: '7' } } });
  assert.deepEqual(await missing(), []);
  assert.equal(snapshot().deviceDestinations?.length, 1);
});

test('its subscriptions can be set; an action it does not have is refused by its field', async (t) => {
  const { rig, connect, snapshot } = await start(t);
  const id = String((await connect({ appId: '7' })).at('data.destination.id'));
  const patch = (subscriptions: unknown) =>
    rig.call('PATCH', `/destinations/${id}/device-mode`, { body: { subscriptions } });
  const held = () => snapshot().deviceDestinations?.[0]?.subscriptions;
  const own = { ...preset, partnerAction: 'identify', enabled: false };
  assert.deepEqual((await patch([own])).at('data.deviceMode.subscriptions'), [own]);
  assert.deepEqual(held(), [own]);
  const unknown = await patch([own, { ...own, partnerAction: 'fly' }]);
  assert.equal(unknown.status, 422);
  assert.equal(unknown.at('errors.0.field'), 'subscriptions.1.partnerAction');
  assert.equal(
    (await patch([{ ...own, mapping: 3 }])).at('errors.0.field'),
    'subscriptions.0.mapping',
  );
  assert.deepEqual(held(), [own]);
  await patch([]);
  assert.deepEqual(held(), [preset]);
});

test('it cannot be replayed: the server has sent nothing', async (t) => {
  const { rig, connect } = await start(t);
  const id = String((await connect({ appId: '7' })).at('data.destination.id'));
  const body = { from: '2026-01-01T00:00:00Z' };
  const replay = await rig.call('POST', `/destinations/${id}/replays`, { body });
  assert.equal(replay.status, 422);
  assert.equal(replay.at('errors.0.field'), 'destinationId');
});

test('a source has one destination of a kind in the browser; others have no device mode', async (t) => {
  const { rig, connect } = await start(t);
  await connect({ appId: '7' });
  const second = await connect({ appId: '8' });
  assert.equal(second.status, 422);
  assert.equal(second.at('errors.0.field'), 'metadataId');
  const cloud = await connect({}, everyOption.id);
  const id = cloud.at('data.destination.id');
  assert.equal((await rig.call('GET', `/destinations/${id}/device-mode`)).status, 404);
  assert.equal((await connect({}, everyOption.id)).status, 200);
});

test('categories of consent are set with the policy, beside whose events it takes, and travel to ingest', async (t) => {
  const { rig, connect, snapshot } = await start(t);
  const cloud = (await connect({}, everyOption.id)).at('data.destination.id');
  const device = (await connect({ appId: '7' })).at('data.destination.id');
  for (const id of [cloud, device]) {
    const patch = (body: object) => rig.call('PATCH', `/destinations/${id}/policy`, { body });
    const set = await patch({ consentCategories: ['C0002', 'C0002', 'ads'] });
    const policy = { takes: 'live', consentCategories: ['C0002', 'ads'] };
    assert.deepEqual(set.at('data.policy'), policy);
    assert.deepEqual((await patch({ takes: 'all' })).at('data.policy'), {
      ...policy,
      takes: 'all',
    });
    const wrong = await patch({ consentCategories: ['ads', '2nd'] });
    assert.equal(wrong.at('errors.0.field'), 'consentCategories.1');
  }
  const { connections, deviceDestinations } = snapshot();
  for (const held of [connections[0], deviceDestinations?.[0]]) {
    assert.deepEqual(held?.consentCategories, ['C0002', 'ads']);
  }
});

test('the catalogue shows where it runs, its actions with their fields, and its presets', async (t) => {
  const { rig } = await start(t);
  const shown = await rig.call('GET', `/catalog/destinations/${inBrowser.id}`);
  const metadata = shown.at('data.destinationMetadata');
  const actionId = shown.at('data.destinationMetadata.actions.0.id');
  assert.partialDeepStrictEqual(metadata, {
    components: [{ type: 'BROWSER', code: 'in-browser/1a.js', owner: 'SEGMENT' }],
    supportedFeatures: { cloudModeInstances: 'NONE', deviceModeInstances: 'SINGLE' },
    supportedPlatforms: { browser: true, server: false, mobile: false },
    actions: [
      {
        ...{ id: actionId, slug: 'track', platform: 'WEB', defaultTrigger: 'type = "track"' },
        fields: [{ fieldKey: 'name', label: 'Name', type: 'STRING', required: true }],
      },
      { slug: 'identify' },
    ],
    presets: [{ actionId, name: 'All', trigger: 'type = "track"', fields: preset.mapping }],
  });
});
