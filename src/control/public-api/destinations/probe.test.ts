import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ActionsDestination } from '../../../core/actions-destination.ts';
import { controlRig, everyOption } from '../../testing/control-rig.ts';

const withAction: ActionsDestination = {
  ...everyOption,
  readActions: () => ({
    actions: [
      {
        ...{ id: 'action', slug: 'send', name: 'Send', description: '', platform: 'CLOUD' },
        ...{ hidden: false, defaultTrigger: null, fields: [] },
      },
    ],
    presets: [],
  }),
};

it('a destination is asked whether it can sign in, with its opened settings', async () => {
  const asked: unknown[] = [];
  const rig = await controlRig({
    probe: {
      test: async (probed) => {
        asked.push(probed);
        return { state: 'FAILED', message: 'no such key' };
      },
      triggerProblem: async () => undefined,
      choices: async () => ({ choices: [] }),
    },
  });
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: everyOption.id, settings: { secret: 'hush' } };
  const id = String((await rig.call('POST', '/destinations', { body })).at('data.destination.id'));
  const answer = await rig.call('GET', `/destinations/${id}/connection-state`);
  assert.equal(answer.at('data.connectionState'), 'FAILED');
  assert.equal(answer.at('data.message'), 'no such key');
  const [probed] = asked;
  assert.partialDeepStrictEqual(probed, {
    id,
    slug: everyOption.slug,
    settings: { secret: 'hush' },
  });
  await rig.close();
});

it('where no vendor is asked, that is unknown', async () => {
  const rig = await controlRig();
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: everyOption.id, settings: {} };
  const id = String((await rig.call('POST', '/destinations', { body })).at('data.destination.id'));
  const answer = await rig.call('GET', `/destinations/${id}/connection-state`);
  assert.equal(answer.at('data.connectionState'), 'UNKNOWN');
  await rig.close();
});

it('a trigger that the code of the destination cannot read is refused, when it is made and when it is changed', async () => {
  const rig = await controlRig({
    definitions: [withAction],
    probe: {
      test: async () => ({ state: 'UNKNOWN' }),
      triggerProblem: async (_slug, trigger) => (trigger === 'type = ' ? 'no value' : undefined),
      choices: async () => ({ choices: [] }),
    },
  });
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: withAction.id, settings: {} };
  const made = await rig.call('POST', '/destinations', { body });
  const path = `/destinations/${made.at('data.destination.id')}/subscriptions`;
  const actionId = made.at('data.destination.metadata.actions.0.id');
  const given = { name: 's', actionId, enabled: true, settings: {} };
  const refused = await rig.call('POST', path, { body: { ...given, trigger: 'type = ' } });
  assert.deepEqual([refused.status, refused.at('errors.0.field')], [422, 'trigger']);
  const good = { ...given, trigger: 'type = "track"' };
  const id = (await rig.call('POST', path, { body: good })).at('data.destinationSubscription.id');
  const input = { trigger: 'type = ' };
  assert.equal((await rig.call('PATCH', `${path}/${id}`, { body: { input } })).status, 422);
  const [connection] = rig.control.snapshot().connections;
  assert.deepEqual(connection?.subscriptions, [
    { id, name: 's', action: 'send', trigger: 'type = "track"', mapping: {} },
  ]);
  await rig.close();
});
