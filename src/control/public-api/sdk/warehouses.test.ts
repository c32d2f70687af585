import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('warehouses, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let sources: InstanceType<typeof sdk.SourcesApi>;
  let warehouses: InstanceType<typeof sdk.WarehousesApi>;
  let selective: InstanceType<typeof sdk.SelectiveSyncApi>;
  before(async () => {
    stand = await sdkStand({ testWarehouse: async () => ({ ok: true }) });
    sources = stand.api(sdk.SourcesApi);
    warehouses = stand.api(sdk.WarehousesApi);
    selective = stand.api(sdk.SelectiveSyncApi);
  });
  after(() => stand.close());

  const settings = {
    ...{ name: 'Mine', host: 'db.example.com', database: 'events' },
    ...{ username: 'tributary', password: 'a secret' },
  };

  it('are validated, made, read, changed, connected, listed and deleted', async () => {
    const validation = { metadataId: 'postgres', settings };
    const validated = await warehouses.createValidationInWarehouse(validation);
    assert.equal(dataOf(validated).status, 'CONNECTED');
    const created = await warehouses.createWarehouse({ metadataId: 'postgres', settings });
    assert.equal(created.response.statusCode, 201);
    const { warehouse } = dataOf(created);
    assert.deepEqual(
      [warehouse.settings['name'], warehouse.settings['password'], warehouse.enabled],
      ['Mine', undefined, true],
    );
    const { id } = warehouse;
    const change = { name: 'Ours', enabled: false, settings: {} };
    const changed = await warehouses.updateWarehouse(id, change);
    assert.equal(dataOf(changed).warehouse.settings['name'], 'Ours');
    assert.equal(dataOf(await warehouses.getWarehouse(id)).warehouse.enabled, false);
    const state = await warehouses.getConnectionStateFromWarehouse(id);
    assert.equal(dataOf(state).connectionState, 'CONNECTED');

    const input = { slug: 'by-sdk', enabled: true, metadataId: 'IqDTy1TpoU' };
    const { source } = dataOf(await sources.createSource(input));
    const connected = async () => {
      const page = { count: 10 };
      const own = await warehouses.listConnectedSourcesFromWarehouse(id, page);
      const other = await sources.listConnectedWarehousesFromSource(source.id, page);
      return [
        dataOf(own).sources.some((one) => one.id === source.id),
        dataOf(other).warehouses.some((one) => one.id === id),
      ];
    };
    assert.deepEqual(await connected(), [true, true]);
    await warehouses.removeSourceConnectionFromWarehouse(id, source.id);
    assert.deepEqual(await connected(), [false, false]);
    const added = await warehouses.addConnectionFromSourceToWarehouse(id, source.id);
    assert.equal(added.response.statusCode, 201);
    assert.equal(dataOf(added).status, 'CONNECTED');
    assert.deepEqual(await connected(), [true, true]);

    assert.equal(dataOf(await warehouses.deleteWarehouse(id)).status, 'SUCCESS');
    await refused(warehouses.getWarehouse(id), 404, 'not-found');
    const wrong = { metadataId: 'postgres', settings: { host: 1 } };
    await refused(warehouses.createWarehouse(wrong), 422, 'input-validation');
  });

  it('load what selective sync says, at the hours of a schedule', async () => {
    const created = await warehouses.createWarehouse({ metadataId: 'duckdb', settings: {} });
    const { id } = dataOf(created).warehouse;
    const page = { count: 10 };
    const [source] = dataOf(await warehouses.listConnectedSourcesFromWarehouse(id, page)).sources;
    assert(source !== undefined);
    const override = { sourceId: source.id, collection: 'pages', enabled: false };
    const updated = await selective.updateSelectiveSyncForWarehouse(id, {
      syncOverrides: [override],
    });
    assert.deepEqual({ ...dataOf(updated) }, { status: 'UPDATED', warnings: [] });
    const listed = await selective.listSelectiveSyncsFromWarehouseAndSource(id, source.id, page);
    assert.deepEqual(
      dataOf(listed).items.map(({ collection, enabled }) => [collection, enabled]),
      [['pages', false]],
    );
    const schedule = { times: [{ hourOfDay: 3, enabled: true }], timezone: 'UTC' };
    await selective.replaceAdvancedSyncScheduleForWarehouse(id, { enabled: true, schedule });
    const read = dataOf(await selective.getAdvancedSyncScheduleFromWarehouse(id));
    assert.deepEqual([read.enabled, read.schedule?.timezone], [true, 'UTC']);
    assert.deepEqual(dataOf(await selective.listSyncsFromWarehouse(id, page)).reports, []);
    const ofSource = await selective.listSyncsFromWarehouseAndSource(id, source.id, page);
    assert.deepEqual(dataOf(ofSource).reports, []);
    await refused(selective.listSyncsFromWarehouse('none', page), 404, 'not-found');
  });

  it('are listed in pages, also 25 of them, and 25 sources of one', async () => {
    const before = dataOf(await warehouses.listWarehouses({ count: 100 })).warehouses;
    const made = before.map(({ id }) => id);
    for (let index = 0; index < 25; index += 1) {
      const input = { metadataId: 'duckdb', settings: {} };
      made.push(dataOf(await warehouses.createWarehouse(input)).warehouse.id);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await warehouses.listWarehouses(pagination));
      return { ids: data.warehouses.map(({ id }) => id), next: data.pagination.next };
    }, 7);
    assert.deepEqual(listed, made);

    const [first = ''] = made.slice(before.length);
    const connected: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const input = { slug: `many-${index}`, enabled: true, metadataId: 'IqDTy1TpoU' };
      connected.push(dataOf(await sources.createSource(input)).source.id);
    }
    const ofOne = await walk(async (pagination) => {
      const data = dataOf(await warehouses.listConnectedSourcesFromWarehouse(first, pagination));
      return { ids: data.sources.map(({ id }) => id), next: data.pagination.next };
    }, 7);
    // Behind those that were there before.
    assert.deepEqual(ofOne.slice(-25), connected);
  });
});
