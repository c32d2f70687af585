import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { everyOption } from '../../testing/control-rig.ts';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

const { DestinationFilterActionV1 } = sdk;

describe('destination filters, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let filters: InstanceType<typeof sdk.DestinationFiltersApi>;
  before(async () => {
    stand = await sdkStand();
    filters = stand.api(sdk.DestinationFiltersApi);
  });
  after(() => stand.close());

  async function makeDestination(slug: string) {
    const sources = stand.api(sdk.SourcesApi);
    const metadataId = 'IqDTy1TpoU';
    const { source } = dataOf(await sources.createSource({ slug, enabled: true, metadataId }));
    const { destination } = dataOf(
      await stand.api(sdk.DestinationsApi).createDestination({
        sourceId: source.id,
        metadataId: everyOption.id,
        settings: {},
      }),
    );
    return { sourceId: source.id, destinationId: destination.id };
  }

  it('are made, read, changed, listed, previewed and removed', async () => {
    const { sourceId, destinationId } = await makeDestination('filtered');
    const made = await filters.createFilterForDestination(destinationId, {
      sourceId,
      if: 'length( userId ) < 1',
      actions: [{ type: DestinationFilterActionV1.TypeEnum.DROP }],
      title: 'Nobody',
      description: 'Without a user',
      enabled: true,
    });
    const { filter } = dataOf(made);
    assert.equal(filter.destinationId, destinationId);
    const read = await filters.getFilterInDestination(destinationId, filter.id);
    assert.deepEqual(dataOf(read).filter, filter);
    const changed = await filters.updateFilterForDestination(destinationId, filter.id, {
      enabled: false,
      actions: [{ type: DestinationFilterActionV1.TypeEnum.SAMPLE, percent: 0.5, path: 'userId' }],
    });
    assert.equal(dataOf(changed).filter.enabled, false);
    assert.equal(dataOf(changed).filter.actions[0]?.percent, 0.5);
    const preview = await filters.previewDestinationFilter({
      filter: { if: 'all', actions: [{ type: DestinationFilterActionV1.TypeEnum.DROP }] },
      payload: { type: 'track' },
    });
    assert.equal(dataOf(preview).result, null);
    const wrong = filters.createFilterForDestination(destinationId, {
      sourceId,
      if: 'type = ',
      actions: [{ type: DestinationFilterActionV1.TypeEnum.DROP }],
      title: 'Wrong',
      enabled: true,
    });
    await refused(wrong, 422, 'input-validation');
    await filters.removeFilterFromDestination(destinationId, filter.id);
    await refused(filters.getFilterInDestination(destinationId, filter.id), 404, 'not-found');
  });

  it('are listed in pages', async () => {
    const { sourceId, destinationId } = await makeDestination('many-filters');
    const made: string[] = [];
    for (let index = 0; index < 10; index += 1) {
      const input = {
        sourceId,
        if: 'all',
        actions: [{ type: DestinationFilterActionV1.TypeEnum.DROP }],
        title: `f${index}`,
        enabled: false,
      };
      made.push(dataOf(await filters.createFilterForDestination(destinationId, input)).filter.id);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await filters.listFiltersFromDestination(destinationId, pagination));
      return { ids: data.filters.map(({ id }) => id), next: data.pagination.next };
    }, 3);
    assert.deepEqual(listed, made);
  });
});
