import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

describe('a destination filter of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  let destinationId: string;
  const destinations = '/workspaces/default/sources/http-api/destinations';
  const base = `${destinations}/${everyOption.slug}/filters`;
  const actions = [
    { type: 'whitelist_fields', fields: { properties: { fields: ['a', 'b'] } } },
    {
      type: 'blacklist_fields',
      fields: { context: { fields: ['ip'] }, traits: { fields: ['x'] } },
    },
    { type: 'sample_event', percent: 0.5, path: 'userId' },
  ];
  const filter = {
    if: 'type = "track"',
    actions,
    title: 'Some',
    description: 'Why',
    enabled: true,
  };
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
    const destination = { name: everyOption.slug };
    await call('POST', destinations, { body: { destination } });
    destinationId = String((await rig.call('GET', '/destinations')).at('data.destinations.0.id'));
  });
  after(() => rig.close());

  it('is the one that the Public API has, in both directions', async () => {
    const made = await call('POST', base, { body: { filter } });
    assert.match(
      String(made.at('name')),
      /^workspaces\/default\/sources\/http-api\/destinations\/every-option\/filters\/df_\w+$/,
    );
    const { name, ...rest } = JSON.parse(JSON.stringify(made.body));
    assert.deepEqual(rest, filter);
    const id = name.split('/df_').at(-1);
    const path = `/destination/${destinationId}/filters/${id}`;
    const other = await rig.call('GET', path);
    assert.deepEqual(other.at('data.filter.actions'), [
      { type: 'ALLOW_PROPERTIES', fields: { properties: ['a', 'b'] } },
      { type: 'DROP_PROPERTIES', fields: { context: ['ip'], traits: ['x'] } },
      { type: 'SAMPLE', percent: 0.5, path: 'userId' },
    ]);
    await rig.call('PATCH', path, { body: { actions: [{ type: 'DROP' }], title: 'All' } });
    const read = await call('GET', `/${name}`);
    assert.deepEqual(read.at('actions'), [{ type: 'drop_event' }]);
    assert.equal(read.at('title'), 'All');
    assert.deepEqual((await call('GET', base)).at('filters.0'), read.body);
    assert.deepEqual((await call('DELETE', `/${name}`)).body, {});
    assert.equal((await rig.call('GET', path)).status, 404);
    const body = {
      sourceId: other.at('data.filter.sourceId'),
      ...filter,
      actions: [{ type: 'DROP' }],
    };
    const theirs = await rig.call('POST', `/destination/${destinationId}/filters`, { body });
    const theirId = theirs.at('data.filter.id');
    assert.equal((await call('GET', `${base}/df_${theirId}`)).at('title'), 'Some');
    assert.equal((await call('GET', `${base}/${theirId}`)).at('title'), 'Some');
    await rig.call('DELETE', `/destination/${destinationId}/filters/${theirId}`);
    refused(await call('GET', `${base}/df_${theirId}`), 404, 5);
  });

  it('changes what its mask names; reset, it has no description and is off', async () => {
    const name = (await call('POST', base, { body: { filter } })).at('name');
    const patch = (change: object, ...paths: string[]) =>
      call('PATCH', `/${name}`, { body: { filter: change, update_mask: { paths } } });
    const changed = await patch({ ...filter, if: 'all', title: 'New' }, 'if', 'filter.title');
    assert.deepEqual([changed.at('if'), changed.at('title')], ['all', 'New']);
    const reset = await patch({ if: 'x' }, 'description', 'enabled');
    assert.deepEqual([reset.at('description'), reset.at('enabled')], ['', false]);
    assert.equal(reset.at('if'), 'all');
    const one = [{ type: 'drop_event' }];
    assert.deepEqual((await patch({ actions: one }, 'actions')).at('actions'), one);
    refused(await patch({}, 'actions'), 400, 3, /"filter\.actions"/);
    refused(await patch({}, 'if'), 400, 3, /"filter\.if"/);
    refused(await patch({ if: 'a = =' }, 'filter.if'), 400, 3, /"filter\.if"/);
    for (const action of [7, {}, { type: 'x' }, { type: 'sample_event', percent: 'y' }]) {
      refused(await patch({ actions: [action] }, 'actions'), 400, 3, /"filter\.actions\.0/);
    }
    refused(await patch({ title: 'x'.repeat(65) }, 'title'), 400, 3, /"filter\.title"/);
  });

  it('is off unless it says otherwise, and has actions that it can do', async () => {
    const bare = { if: 'all', actions: [{ type: 'drop_event' }] };
    const made = await call('POST', base, { body: { filter: bare } });
    assert.deepEqual(
      [made.at('enabled'), made.at('title'), made.at('description')],
      [false, '', ''],
    );
    const wrong = (changed: object) =>
      call('POST', base, { body: { filter: { ...bare, ...changed } } });
    refused(await wrong({ actions: [{ type: 'DROP' }] }), 400, 3, /drop_event/);
    refused(await wrong({ actions: [] }), 400, 3, /"filter\.actions"/);
    refused(await wrong({ actions: [{ type: 'sample_event', percent: 2 }] }), 400, 3, /percent/);
    refused(await wrong({ if: 'nonsense(' }), 400, 3, /"filter\.if"/);
  });

  it('is previewed without being kept', async () => {
    const preview = (given: object, payload: object) =>
      call('POST', '/filters/preview', { body: { filter: given, payload } });
    const payload = { type: 'track', properties: { a: 1, c: 2 } };
    const some = { if: 'type = "track"', actions: actions.slice(0, 1) };
    const shown = await preview(some, payload);
    assert.deepEqual(shown.at('input_payload'), payload);
    assert.deepEqual(shown.at('result'), { type: 'track', properties: { a: 1 } });
    const dropped = await preview({ if: 'all', actions: [{ type: 'drop_event' }] }, payload);
    assert.equal(dropped.at('result'), null);
    refused(await preview({ if: '(', actions: some.actions }, payload), 400, 3, /"filter\.if"/);
  });
});
