import assert from 'node:assert/strict';
import { it } from 'node:test';
import { controlRig, everyOption } from '../../testing/control-rig.ts';

it('a source has no policy until one is set; what is absent stays, and the default is no entry', async () => {
  const rig = await controlRig();
  const [source] = rig.control.snapshot().sources;
  const path = `/sources/${source?.id}/policy`;
  const policy = () => rig.control.snapshot().sources[0]?.policy;
  const patch = (body: object) => rig.call('PATCH', path, { body });
  const plain = { bots: 'allow', ip: 'keep', country: false };
  assert.deepEqual((await rig.call('GET', path)).at('data.policy'), plain);
  assert.equal(policy(), undefined);
  await patch({ bots: 'refuse', country: true });
  const set = await patch({ ip: 'anonymize' });
  assert.deepEqual(set.at('data.policy'), { bots: 'refuse', ip: 'anonymize', country: true });
  assert.deepEqual(policy(), { bots: 'refuse', ip: 'anonymize', country: true });
  assert.deepEqual((await patch(plain)).at('data.policy'), plain);
  assert.equal(policy(), undefined);
  const wrong = await patch({ bots: 'sometimes' });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.at('errors.0.field'), 'bots');
  await rig.close();
});

it('a destination takes live events until it is set to take test events, or both', async () => {
  const rig = await controlRig();
  const [source] = rig.control.snapshot().sources;
  const body = { sourceId: source?.id, metadataId: everyOption.id };
  const made = await rig.call('POST', '/destinations', { body });
  const path = `/destinations/${made.at('data.destination.id')}/policy`;
  const takes = () => rig.control.snapshot().connections[0]?.takes;
  assert.equal((await rig.call('GET', path)).at('data.policy.takes'), 'live');
  assert.equal(takes(), undefined);
  for (const mode of ['test', 'all']) {
    const set = await rig.call('PATCH', path, { body: { takes: mode } });
    assert.equal(set.at('data.policy.takes'), mode);
    assert.equal((await rig.call('GET', path)).at('data.policy.takes'), mode);
    assert.equal(takes(), mode);
  }
  await rig.call('PATCH', path, { body: { takes: 'live' } });
  assert.equal(takes(), undefined);
  const wrong = await rig.call('PATCH', path, { body: { takes: 'some' } });
  assert.equal(wrong.at('errors.0.field'), 'takes');
  await rig.close();
});
