import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ActionHook, ActionsDestination } from '../../../core/actions-destination.ts';
import type {
  DestinationProbe,
  HookCall,
  ProbedAudience,
} from '../../../core/destination-probe.ts';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';

const hook: ActionHook = {
  ...{ label: 'Make a list', description: '', inputFields: [], outputFields: [] },
  type: 'onMappingSave',
};

const withHooks: ActionsDestination = {
  ...everyOption,
  readActions: () => ({
    actions: [
      {
        ...{ id: 'action', slug: 'send', name: 'Send', description: '', platform: 'CLOUD' },
        ...{ hidden: false, defaultTrigger: null, fields: [], hooks: [hook] },
      },
    ],
    presets: [],
    audience: { creates: true, fields: [] },
  }),
};

describe('what is done at vendors', () => {
  let rig: ControlRig;
  let audience: string;
  let destination: string;
  let failing = false;
  const asked: ProbedAudience[] = [];
  const hooks: HookCall[] = [];

  const probe: DestinationProbe = {
    test: async () => ({ state: 'UNKNOWN' }),
    triggerProblem: async (_slug, trigger) => (trigger === 'bad' ? 'it cannot be read' : undefined),
    choices: async () => ({ choices: [] }),
    runHook: async (_destination, call) => {
      hooks.push(call);
      if (failing) return { state: 'failed', message: 'no such list' };
      return { state: 'done', outputs: { id: `list-${hooks.length}` } };
    },
    audience: async (_destination, one) => {
      asked.push(one);
      if (failing) return { state: 'failed', message: 'no room' };
      return { state: 'ready', externalId: one.externalId ?? `ext-${asked.length}` };
    },
  };

  before(async () => {
    rig = await controlRig({ definitions: [withHooks], probe });
    const space = `/spaces/${(await rig.call('GET', '/spaces')).at('data.spaces.0.id')}`;
    const body = { name: 'Big Spenders', audienceType: 'USERS', definition: { query: 'q' } };
    const made = await rig.call('POST', `${space}/audiences`, { body });
    audience = `${space}/audiences/${made.at('data.audience.id')}`;
    const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
    const given = { sourceId, metadataId: withHooks.id, settings: {} };
    const added = await rig.call('POST', '/destinations', { body: given });
    destination = String(added.at('data.destination.id'));
  });
  after(() => rig.close());

  const connection = () => rig.control.snapshot().connections.find(({ id }) => id === destination);

  it('an audience is connected once the vendor has it, and deliveries know it by the id that it has there', async () => {
    const path = `${audience}/destination-connections`;
    const body = { destination: { id: destination, type: 'DESTINATION' } };
    failing = true;
    const refused = await rig.call('POST', path, { body });
    assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'destination.id']);
    assert.match(String(refused.at('errors.0.message')), /no room/);
    assert.equal(connection()?.audiences, undefined);
    failing = false;
    const idSync = [{ externalId: 'email', strategy: 'first' }];
    const more = { idSyncConfiguration: idSync, connectionSettings: { ttl: 3 } };
    const made = await rig.call('POST', path, { body: { ...body, ...more } });
    assert.equal(made.status, 200);
    assert.deepEqual(made.at('data.connectionSettings'), { ttl: 3 });
    assert.deepEqual(
      connection()?.audiences?.map(({ key, externalId, settings }) => ({
        key,
        externalId,
        settings,
      })),
      [{ key: 'big_spenders', externalId: 'ext-2', settings: { ttl: 3 } }],
    );
    const twice = await rig.call('POST', path, { body });
    assert.deepEqual([twice.status, asked.length], [422, 2]);
    const listed = await rig.call('GET', path);
    assert.equal(listed.at('data.connections.0.destinationId'), destination);
    assert.deepEqual(listed.at('data.connections.0.idSyncConfiguration'), idSync);
    const shown = await rig.call('GET', `/destinations/${destination}/audiences`);
    assert.equal(shown.at('data.audiences.0.externalId'), 'ext-2');
  });

  it('other settings are shown to the vendor with the id that is known; without it the connection goes', async () => {
    const path = `${audience}/destination-connections/${destination}`;
    await rig.call('PATCH', path, { body: { connectionSettings: { ttl: 4 } } });
    assert.partialDeepStrictEqual(asked.at(-1), { externalId: 'ext-2', settings: { ttl: 4 } });
    const before = asked.length;
    await rig.call('PATCH', path, { body: { idSyncConfiguration: [] } });
    assert.equal(asked.length, before);
    await rig.call('PATCH', path, { body: { externalId: 'theirs' } });
    assert.equal(connection()?.audiences?.[0]?.externalId, 'theirs');
    assert.equal((await rig.call('DELETE', path)).status, 200);
    assert.equal(connection()?.audiences, undefined);
    assert.equal((await rig.call('DELETE', path)).status, 404);
  });

  it('a hook runs when a mapping is saved with new inputs, and its outputs are kept with it', async () => {
    const path = `/destinations/${destination}/subscriptions`;
    const mapping = (name: string, more: object = {}) => ({
      onMappingSave: { inputs: { name }, ...more },
    });
    const given = { name: 's', actionId: 'action', trigger: 't', enabled: true };
    const made = await rig.call('POST', path, { body: { ...given, settings: mapping('a') } });
    const id = String(made.at('data.destinationSubscription.id'));
    const kept = mapping('a', { outputs: { id: 'list-1' } });
    assert.deepEqual(made.at('data.destinationSubscription.settings'), kept);
    assert.deepEqual(connection()?.subscriptions?.[0]?.mapping, kept);
    const change = async (settings: object) =>
      rig.call('PATCH', `${path}/${id}`, { body: { input: { settings } } });
    const same = await change({ ...mapping('a'), other: 1 });
    assert.deepEqual(same.at('data.subscription.settings'), { ...kept, other: 1 });
    assert.equal(hooks.length, 1);
    // As who reads it, changes it and writes it back: what came of the old inputs does not count.
    const next = await change(mapping('b', { outputs: { id: 'list-1' } }));
    assert.deepEqual(
      next.at('data.subscription.settings'),
      mapping('b', { outputs: { id: 'list-2' } }),
    );
    assert.deepEqual(hooks.at(-1)?.outputs, { id: 'list-1' });
    failing = true;
    const refused = await change(mapping('c'));
    failing = false;
    const { status, at } = refused;
    assert.deepEqual([status, at('errors.0.field')], [422, 'input.settings.onMappingSave']);
    const bad = { ...given, trigger: 'bad', settings: mapping('d') };
    assert.equal((await rig.call('POST', path, { body: bad })).status, 422);
    assert.equal(hooks.length, 3, 'a trigger that is wrong is said before');
    const moved = { ...given, settings: mapping('e', { outputs: { id: 'old' } }) };
    await rig.call('POST', path, { body: moved });
    assert.equal(hooks.length, 3, 'one that comes with its outputs was run elsewhere');
  });

  it('the catalogue says which hooks there are', async () => {
    const answer = await rig.call('GET', `/catalog/destinations/${withHooks.id}/hooks`);
    assert.equal(answer.at('data.actions.0.hooks.0.type'), 'onMappingSave');
    assert.deepEqual(answer.at('data.audience'), { creates: true, fields: [] });
  });
});
