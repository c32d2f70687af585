import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { inBrowser } from '../../testing/in-browser.ts';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('reverse ETL, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let sources: InstanceType<typeof sdk.SourcesApi>;
  let destinations: InstanceType<typeof sdk.DestinationsApi>;
  let api: InstanceType<typeof sdk.ReverseETLApi>;
  before(async () => {
    stand = await sdkStand({ definitions: [inBrowser] });
    sources = stand.api(sdk.SourcesApi);
    destinations = stand.api(sdk.DestinationsApi);
    api = stand.api(sdk.ReverseETLApi);
  });
  after(() => stand.close());

  const model = {
    ...{ name: 'Customers', description: '', enabled: true },
    ...{ query: 'select * from customers', queryIdentifierColumn: 'id' },
    // Later versions of the API, and this one, have the schedule at the subscription.
    scheduleStrategy: sdk.CreateReverseEtlModelInput.ScheduleStrategyEnum.MANUAL,
    scheduleConfig: {},
  };

  it('has models, which are made, read, changed and deleted, and syncs that say what came of them', async () => {
    const input = { slug: 'rows', enabled: true, metadataId: 'iUM16Md8P2' };
    const { source } = dataOf(await sources.createSource(input));
    const created = await api.createReverseEtlModel({ sourceId: source.id, ...model });
    assert.equal(created.response.statusCode, 201);
    const { id } = dataOf(created).reverseEtlModel;
    const changed = await api.updateReverseEtlModel(id, { name: 'Clients' });
    assert.equal(dataOf(changed).reverseEtlModel.name, 'Clients');
    assert.equal(dataOf(await api.getReverseEtlModel(id)).reverseEtlModel.query, model.query);

    const kind = { sourceId: source.id, metadataId: inBrowser.id, settings: { appId: '7' } };
    const { destination } = dataOf(await destinations.createDestination(kind));
    const { destinationSubscription: subscription } = dataOf(
      await destinations.createDestinationSubscription(destination.id, {
        ...{ name: 'Rows', trigger: 'type = "track"', enabled: true, modelId: id },
        actionId: destination.metadata.actions[0]?.id ?? '',
      }),
    );
    assert.equal(subscription.modelId, id);
    const asked = { sourceId: source.id, modelId: id, subscriptionId: subscription.id };
    const started = await api.createReverseETLManualSync(asked);
    const { syncId } = dataOf(started).reverseETLManualSync;
    // This SDK does not know these yet.
    const path = `/reverse-etl-models/${id}`;
    const status = await stand.rig.call('GET', `${path}/syncs/${syncId}`);
    assert.equal(status.at('data.reverseETLSyncStatus.syncStatus'), 'IN_PROGRESS');
    const listed = await stand.rig.call('GET', `${path}/subscriptionId/${subscription.id}/syncs`);
    assert.equal(listed.at('data.syncStatuses.0.syncId'), syncId);
    const body = { reasonForCanceling: 0 };
    const cancelled = await stand.rig.call('POST', `${path}/syncs/${syncId}/cancel`, { body });
    assert.equal(cancelled.at('data.status'), 'CANCELLED');

    assert.equal(dataOf(await api.deleteReverseEtlModel(id)).status, 'SUCCESS');
    await refused(api.getReverseEtlModel(id), 404, 'not-found');
    const nowhere = api.createReverseEtlModel({ sourceId: 'none', ...model });
    await refused(nowhere, 404, 'not-found');
    const wrong = api.createReverseEtlModel({ sourceId: source.id, ...model, query: '' });
    await refused(wrong, 422, 'input-validation');
  });

  it('lists 25 models in pages', async () => {
    const [source] = dataOf(await sources.listSources({ count: 1 })).sources;
    const made: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const input = { sourceId: source?.id ?? '', ...model, name: `m${index}` };
      made.push(dataOf(await api.createReverseEtlModel(input)).reverseEtlModel.id);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await api.listReverseEtlModels(pagination));
      return { ids: data.models.map(({ id }) => id), next: data.pagination.next };
    }, 7);
    assert.deepEqual(listed, made);
  });
});
