import assert from 'node:assert/strict';
import { it } from 'node:test';
import { controlRig } from '../../testing/control-rig.ts';

it('a warehouse of a space keeps its settings, shows no secret, and changes what is given', async () => {
  const rig = await controlRig();
  const spaceId = (await rig.call('GET', '/spaces')).at('data.spaces.0.id');
  const list = `/spaces/${spaceId}/profiles-warehouses`;
  const settings = { host: 'db.example.com', port: 5432, password: 'a-long-secret', name: 'Mine' };
  const body = { metadataId: 'postgres', settings, schemaName: 'profiles' };
  const made = await rig.call('POST', list, { body });
  assert.equal(made.status, 201);
  const place = 'data.profilesWarehouse';
  assert.equal(made.at(`${place}.metadata.slug`), 'postgres');
  assert.deepEqual(
    [made.at(`${place}.settings.host`), made.at(`${place}.settings.name`)],
    ['db.example.com', 'Mine'],
  );
  assert(!JSON.stringify(made.body).includes('a-long-secret'));
  const path = `${list}/${made.at(`${place}.id`)}`;
  const change = { settings: { host: 'other' }, enabled: false, name: 'Renamed' };
  const changed = await rig.call('PATCH', path, { body: change });
  assert.equal(changed.at(`${place}.settings.host`), 'other');
  assert.equal(changed.at(`${place}.settings.name`), 'Renamed');
  assert.equal(changed.at(`${place}.schemaName`), 'profiles');
  assert.equal(changed.at(`${place}.enabled`), false);
  const { settings: stored } = await rig.store.db
    .selectFrom('profiles_warehouse')
    .select('settings')
    .executeTakeFirstOrThrow();
  assert(stored.includes('password') && !stored.includes('a-long-secret'), 'sealed, and kept');
  const wrong = await rig.call('POST', list, { body: { metadataId: 'none', settings: {} } });
  assert.deepEqual([wrong.status, wrong.at('errors.0.field')], [422, 'metadataId']);
  const all = await rig.call('GET', list);
  assert.equal(all.at('data.profilesWarehouses.0.id'), made.at(`${place}.id`));
  assert.equal((await rig.call('DELETE', path)).status, 200);
  assert.equal((await rig.call('DELETE', path)).status, 404);
  await rig.close();
});

it('everything of the profiles is to be loaded unless something else is said', async () => {
  const rig = await controlRig();
  const spaceId = (await rig.call('GET', '/spaces')).at('data.spaces.0.id');
  const list = `/spaces/${spaceId}/profiles-warehouses`;
  const made = await rig.call('POST', list, { body: { metadataId: 'duckdb', settings: {} } });
  const path = `${list}/${made.at('data.profilesWarehouse.id')}/selective-syncs`;
  const set = (syncOverrides: unknown, enableEventTables?: boolean) =>
    rig.call('PATCH', path, { body: { syncOverrides, enableEventTables } });
  const items = async () => {
    const answer = await rig.call('GET', path);
    const found = answer.at('data.items');
    assert(Array.isArray(found));
    return new Map(
      found.map((_, index) => [
        answer.at(`data.items.${index}.collection`),
        [answer.at(`data.items.${index}.enabled`), answer.at(`data.items.${index}.properties`)],
      ]),
    );
  };
  assert.deepEqual((await items()).get('user_traits'), [true, {}]);
  const off = [
    { collection: 'user_traits', enabled: false },
    { collection: 'track', property: 'email', enabled: false },
  ];
  assert.equal((await set(off)).at('data.status'), 'UPDATED');
  assert.equal((await set(off)).at('data.status'), 'UNCHANGED');
  assert.deepEqual((await items()).get('user_traits'), [false, {}]);
  assert.deepEqual((await items()).get('track'), [true, { email: { enabled: false } }]);
  const event = [{ collection: 'order_completed', enabled: false }];
  const refused = await set(event);
  assert.deepEqual(
    [refused.status, refused.at('errors.0.field')],
    [422, 'syncOverrides.0.collection'],
  );
  assert.equal((await set(event, true)).at('data.status'), 'UPDATED');
  assert.deepEqual((await items()).get('order_completed'), [false, {}]);
  assert.equal((await rig.call('GET', path)).at('data.enableEventTables'), true);
  await rig.close();
});
