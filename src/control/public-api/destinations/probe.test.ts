import assert from 'node:assert/strict';
import { it } from 'node:test';
import { controlRig, everyOption } from '../../testing/control-rig.ts';

it('a destination is asked whether it can sign in, with its opened settings', async () => {
  const asked: unknown[] = [];
  const rig = await controlRig({
    probe: {
      test: async (probed) => {
        asked.push(probed);
        return { state: 'FAILED', message: 'no such key' };
      },
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
