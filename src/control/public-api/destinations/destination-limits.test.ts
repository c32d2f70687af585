import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlRig, everyOption } from '../../testing/control-rig.ts';

test('limits of deliveries are set one by one, taken away with null, and reach the data plane', async (t) => {
  const rig = await controlRig();
  t.after(() => rig.close());
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: everyOption.id, settings: {} };
  const made = await rig.call('POST', '/destinations', { body });
  const path = `/destinations/${made.at('data.destination.id')}/limits`;
  const inForce = () => rig.control.snapshot().connections[0]?.deliveryLimits;
  const none = { requestsPerSecond: null, concurrency: null };
  assert.deepEqual((await rig.call('GET', path)).at('data.limits'), none);
  assert.equal(inForce(), undefined);
  await rig.call('PATCH', path, { body: { requestsPerSecond: 0.5 } });
  const both = await rig.call('PATCH', path, { body: { concurrency: 4 } });
  assert.deepEqual(both.at('data.limits'), { requestsPerSecond: 0.5, concurrency: 4 });
  assert.deepEqual(inForce(), { requestsPerSecond: 0.5, concurrency: 4 });
  await rig.call('PATCH', path, { body: none });
  assert.equal(inForce(), undefined);
  for (const wrong of [{ requestsPerSecond: 0 }, { concurrency: 0 }, { concurrency: 65 }]) {
    assert.equal((await rig.call('PATCH', path, { body: wrong })).status, 422);
  }
});
