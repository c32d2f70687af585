import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('spaces and what is in them, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let spaceId: string;
  before(async () => {
    stand = await sdkStand();
    const spaces = stand.api(sdk.SpacesApi);
    const [first] = dataOf(await spaces.listSpaces({ count: 10 })).spaces;
    assert.equal(first?.slug, 'default');
    spaceId = String(first?.id);
    assert.equal(dataOf(await spaces.getSpace(spaceId)).space?.name, 'default');
    await refused(spaces.getSpace('none'), 404, 'not-found');
  });
  after(() => stand.close());

  it('audiences are listed, read, changed and deleted; the SDK makes none yet', async () => {
    const audiences = stand.api(sdk.AudiencesApi);
    const ids: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const definition = { query: `event('Order ${index}')` };
      const body = { name: `Audience ${index}`, audienceType: 'USERS', definition };
      const made = await stand.rig.call('POST', `/spaces/${spaceId}/audiences`, { body });
      ids.push(String(made.at('data.audience.id')));
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await audiences.listAudiences(spaceId, pagination));
      return { ids: data.audiences.map(({ id }) => id), next: data.pagination.next };
    }, 4);
    assert.deepEqual(listed, ids);
    const [id = ''] = ids;
    const read = dataOf(await audiences.getAudience(spaceId, id)).audience;
    assert.deepEqual([read.key, read.status], ['audience_0', 'NOT_COMPUTED']);
    const changed = await audiences.updateAudienceForSpace(spaceId, id, { enabled: false });
    assert.equal(dataOf(changed).audience.status, 'DISABLED');
    await audiences.removeAudienceFromSpace(spaceId, id);
    await refused(audiences.getAudience(spaceId, id), 404, 'not-found');
  });

  it('computed traits are listed, read, changed and deleted; the SDK makes none yet', async () => {
    const traits = stand.api(sdk.ComputedTraitsApi);
    const ids: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const definition = { type: 'USERS', query: 'q' };
      const body = { name: `Trait ${index}`, definition };
      const made = await stand.rig.call('POST', `/spaces/${spaceId}/computed-traits`, { body });
      ids.push(String(made.at('data.computedTrait.id')));
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await traits.listComputedTraits(spaceId, pagination));
      return { ids: data.computedTraits.map(({ id }) => id), next: data.pagination.next };
    }, 4);
    assert.deepEqual(listed, ids);
    const [id = ''] = ids;
    assert.equal(dataOf(await traits.getComputedTrait(spaceId, id)).computedTrait.key, 'trait_0');
    const changed = await traits.updateComputedTraitForSpace(spaceId, id, { enabled: false });
    assert.equal(dataOf(changed).computedTrait.enabled, false);
    await traits.removeComputedTraitFromSpace(spaceId, id);
    await refused(traits.getComputedTrait(spaceId, id), 404, 'not-found');
  });

  it('warehouses for profiles are made, listed, changed, limited and deleted', async () => {
    const sync = stand.api(sdk.ProfilesSyncApi);
    const ids: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const made = await sync.createProfilesWarehouse(spaceId, {
        metadataId: 'duckdb',
        enabled: true,
        settings: { path: `profiles-${index}.duckdb` },
        schemaName: 'profiles',
      });
      assert.equal(made.response.statusCode, 201);
      ids.push(dataOf(made).profilesWarehouse.id);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await sync.listProfilesWarehouseInSpace(spaceId, pagination));
      return { ids: data.profilesWarehouses.map(({ id }) => id), next: data.pagination?.next };
    }, 4);
    assert.deepEqual(listed, ids);
    const [id = ''] = ids;
    const changed = await sync.updateProfilesWarehouseForSpaceWarehouse(spaceId, id, {
      enabled: false,
      settings: {},
    });
    assert.equal(dataOf(changed).profilesWarehouse.enabled, false);
    const limited = await sync.updateSelectiveSyncForWarehouseAndSpace(spaceId, id, {
      syncOverrides: [{ collection: 'track', enabled: false }],
    });
    assert.equal(dataOf(limited).status, 'UPDATED');
    const syncs = dataOf(
      await sync.listSelectiveSyncsFromWarehouseAndSpace(spaceId, id, { count: 100 }),
    );
    assert.equal(syncs.items.find(({ collection }) => collection === 'track')?.enabled, false);
    await sync.removeProfilesWarehouseFromSpace(spaceId, id);
    await refused(sync.removeProfilesWarehouseFromSpace(spaceId, id), 404, 'not-found');
  });
});
