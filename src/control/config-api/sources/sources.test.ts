import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ControlRig, controlRig } from '../../testing/control-rig.ts';
import { type ConfigCall, configCalls, refused } from '../testing/config-calls.ts';

describe('a source of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  const sources = '/workspaces/default/sources';
  const make = (name: string, catalog = 'javascript') =>
    call('POST', sources, {
      body: { source: { name, catalog_name: `catalog/sources/${catalog}` } },
    });
  const idOf = async (slug: string) => {
    const { body } = await rig.call('GET', '/sources');
    const list = JSON.parse(JSON.stringify(body)).data.sources;
    return String(list.find((source: { slug: string }) => source.slug === slug)?.id);
  };
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
  });
  after(() => rig.close());

  it('is made with a write key, and the Public API reads the same one', async () => {
    const made = await make('workspaces/default/sources/js');
    assert.equal(made.at('name'), 'workspaces/default/sources/js');
    assert.equal(made.at('parent'), 'workspaces/default');
    assert.equal(made.at('catalog_name'), 'catalog/sources/javascript');
    assert.match(String(made.at('create_time')), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const other = await rig.call('GET', `/sources/${await idOf('js')}`);
    assert.equal(other.at('data.source.metadata.slug'), 'javascript');
    assert.deepEqual(other.at('data.source.writeKeys'), made.at('write_keys'));
    const [key] = [made.at('write_keys.0')];
    const known = rig.control.snapshot().sources.find(({ slug }) => slug === 'js');
    assert.deepEqual(known?.writeKeys, [key]);
  });

  it('shows what the Public API made, changed and deleted', async () => {
    const body = { slug: 'mine', metadataId: 'IqDTy1TpoU', name: 'Mine' };
    const id = String((await rig.call('POST', '/sources', { body })).at('data.source.id'));
    assert.equal((await call('GET', `${sources}/mine`)).at('display_name'), 'Mine');
    await rig.call('PATCH', `/sources/${id}`, { body: { slug: 'yours', name: 'Yours' } });
    refused(await call('GET', `${sources}/mine`), 404, 5);
    assert.equal((await call('GET', `${sources}/yours`)).at('display_name'), 'Yours');
    await rig.call('DELETE', `/sources/${id}`);
    refused(await call('GET', `${sources}/yours`), 404, 5);
  });

  it('is deleted for both, with an empty object as the answer', async () => {
    await make('gone');
    const id = await idOf('gone');
    assert.deepEqual((await call('DELETE', `${sources}/gone`)).body, {});
    refused(await call('DELETE', `${sources}/gone`), 404, 5);
    assert.equal((await rig.call('GET', `/sources/${id}`)).status, 404);
  });

  it('has a name of its own, in this workspace, of characters that fit a path', async () => {
    await make('taken');
    refused(await make('taken'), 409, 6);
    refused(await make('workspaces/default/sources/taken'), 409, 6);
    for (const name of ['workspaces/other/sources/js', 'warehouses/x', 'a b', 'sources/', '/']) {
      refused(await make(name), 400, 3, /"source\.name"/);
    }
    const byId = `workspaces/${rig.control.snapshot().workspace.id}/sources/by-id`;
    assert.equal((await make(byId)).at('name'), 'workspaces/default/sources/by-id');
    refused(await make('unknown', 'none'), 400, 3, /"source\.catalog_name"/);
  });

  it('changes its display name when the mask names it; reset, it is the slug', async () => {
    await make('shown');
    const patch = (body: object) => call('PATCH', `${sources}/shown`, { body });
    const source = { display_name: 'Shown' };
    assert.equal((await patch({ source })).at('display_name'), 'shown');
    const update_mask = { paths: ['source.display_name'] };
    assert.equal((await patch({ source, update_mask })).at('display_name'), 'Shown');
    const other = await rig.call('GET', `/sources/${await idOf('shown')}`);
    assert.equal(other.at('data.source.name'), 'Shown');
    assert.equal((await patch({ update_mask })).at('display_name'), 'shown');
    refused(await patch({ source: { display_name: 7 }, update_mask }), 400, 3, /must be a string/);
  });

  it('keeps its write keys from whoever may only read', async () => {
    const access_token = { description: 'r', scopes: 'workspace:read' };
    const token = (await call('POST', '/access-tokens', { body: { access_token } })).at('token');
    const read = await call('GET', `${sources}/js`, { token: String(token) });
    assert.deepEqual(read.at('write_keys'), []);
  });

  it('leaves one audit event for each change, as the Public API shows the source', async () => {
    await make('audited');
    const id = await idOf('audited');
    const body = { source: { display_name: 'New' }, update_mask: 'display_name' };
    await call('PATCH', `${sources}/audited`, { body });
    await call('DELETE', `${sources}/audited`);
    const events = await rig.store.db
      .selectFrom('audit_event')
      .selectAll()
      .where('resource_id', '=', id)
      .orderBy('position')
      .execute();
    assert.deepEqual(
      events.map(({ type, operation }) => [type, operation]),
      [
        ['Source Created', 'configCreateSource'],
        ['Source Modified', 'configUpdateSource'],
        ['Source Deleted', 'configDeleteSource'],
      ],
    );
    const [made, changed] = events;
    const shown = JSON.parse(made?.after ?? '{}').source;
    assert.deepEqual([shown.slug, shown.writeKeys], ['audited', ['••••']]);
    assert.equal(JSON.parse(changed?.before ?? '{}').source.name, 'audited');
    assert.equal(JSON.parse(changed?.after ?? '{}').source.name, 'New');
  });

  describe('its schema config', () => {
    const config = `${sources}/planned/schema-config`;
    const patch = (schema_config: object, ...paths: string[]) =>
      call('PATCH', config, { body: { schema_config, update_mask: { paths } } });
    before(async () => {
      await make('planned');
      await make('violations');
    });

    it('is what the schema settings of the Public API are', async () => {
      const changed = await patch(
        {
          allow_unplanned_track_events: false,
          common_track_event_on_violations: 'OMIT_PROPERTIES',
          common_group_event_on_violations: 'BLOCK',
          forwarding_violations_to: 'workspaces/default/sources/violations',
          allow_unplanned_group_traits: false,
        },
        'schema_config.allow_unplanned_track_events',
        'schema_config.common_track_event_on_violations',
        'common_group_event_on_violations',
        'forwarding_violations_to',
      );
      assert.equal(changed.at('name'), 'workspaces/default/sources/planned/schema-config');
      assert.equal(changed.at('forwarding_violations_to'), 'violations');
      assert.equal(changed.at('allow_unplanned_group_traits'), true, 'not in the mask');
      const id = await idOf('planned');
      const other = await rig.call('GET', `/sources/${id}/settings`);
      assert.equal(other.at('data.settings.track.allowUnplannedEvents'), false);
      assert.equal(other.at('data.settings.track.commonEventOnViolations'), 'OMIT_PROPERTIES');
      assert.equal(other.at('data.settings.group.commonEventOnViolations'), 'BLOCK');
      assert.equal(other.at('data.settings.forwardingViolationsTo'), await idOf('violations'));
      const body = { identify: { allowUnplannedTraits: false, commonEventOnViolations: 'BLOCK' } };
      await rig.call('PATCH', `/sources/${id}/settings`, { body });
      const read = await call('GET', config);
      assert.equal(read.at('allow_unplanned_identify_traits'), false);
      assert.equal(read.at('common_identify_event_on_violations'), 'BLOCK');
      assert.equal(read.at('forwarding_violations_to'), '', 'left out, it ended');
    });

    it('resets what the mask names without a value', async () => {
      await patch({ forwarding_blocked_events_to: 'violations' }, 'forwarding_blocked_events_to');
      await patch({ allow_track_event_on_violations: true }, 'allow_track_event_on_violations');
      const reset = await patch(
        {},
        'allow_track_event_on_violations',
        'allow_unplanned_track_event_properties',
        'common_track_event_on_violations',
      );
      assert.equal(reset.at('allow_track_event_on_violations'), false);
      assert.equal(reset.at('allow_unplanned_track_event_properties'), false);
      assert.equal(reset.at('common_track_event_on_violations'), 'ALLOW');
      assert.equal(reset.at('forwarding_blocked_events_to'), 'violations', 'untouched');
      const none = await patch({}, 'forwarding_blocked_events_to');
      assert.equal(none.at('forwarding_blocked_events_to'), '');
    });

    it('refuses what is none of the choices, no source and no yes or no', async () => {
      const wrong = {
        common_identify_event_on_violations: 'OMIT_PROPERTIES',
        forwarding_violations_to: 'nowhere',
        allow_unplanned_track_events: 'maybe',
      };
      for (const field of Object.keys(wrong))
        refused(await patch(wrong, field), 400, 3, new RegExp(field));
    });

    it('forwards nowhere once the source it forwarded to is gone', async () => {
      await make('short-lived');
      await patch({ forwarding_violations_to: 'short-lived' }, 'forwarding_violations_to');
      await call('DELETE', `${sources}/short-lived`);
      assert.equal((await call('GET', config)).at('forwarding_violations_to'), '');
      const changed = await patch({}, 'allow_unplanned_track_events');
      assert.equal(changed.status, 200);
    });
  });
});
