import assert from 'node:assert/strict';
import { it } from 'node:test';
import { controlRig } from '../../testing/control-rig.ts';

it('computed traits are made, changed and deleted in their space, and say that nobody computes them', async () => {
  const rig = await controlRig();
  const space = `/spaces/${(await rig.call('GET', '/spaces')).at('data.spaces.0.id')}`;
  const definition = { type: 'USERS', query: "event('Order').sum('total')" };
  const body = { name: 'Total spent', definition, options: { includeAnonymousUsers: true, x: 1 } };
  const made = await rig.call('POST', `${space}/computed-traits`, { body });
  assert.equal(made.status, 200);
  assert.equal(made.at('data.computedTrait.key'), 'total_spent');
  assert.equal(made.at('data.computedTrait.status'), 'NOT_COMPUTED');
  assert.deepEqual(made.at('data.computedTrait.options'), { includeAnonymousUsers: true });
  assert.match(String(made.at('data.computedTrait.createdBy')), /^public-api-token\//);
  assert.equal((await rig.call('POST', `${space}/computed-traits`, { body })).status, 409);
  const audience = { name: 'Total spent', audienceType: 'USERS', definition: { query: 'q' } };
  assert.equal((await rig.call('POST', `${space}/audiences`, { body: audience })).status, 200);

  const path = `${space}/computed-traits/${made.at('data.computedTrait.id')}`;
  const change = { enabled: false, definition: { type: 'ACCOUNTS', query: 'q' } };
  const changed = await rig.call('PATCH', path, { body: change });
  assert.equal(changed.at('data.computedTrait.status'), 'DISABLED');
  assert.deepEqual(changed.at('data.computedTrait.definition'), change.definition);
  assert.equal(changed.at('data.computedTrait.name'), 'Total spent');
  const list = await rig.call('GET', `${space}/computed-traits`);
  assert.deepEqual(list.at('data.computedTraits.0'), changed.at('data.computedTrait'));
  assert.equal((await rig.call('DELETE', path)).status, 200);
  assert.equal((await rig.call('GET', path)).status, 404);
  await rig.close();
});
