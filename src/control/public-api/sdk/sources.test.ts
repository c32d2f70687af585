import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

const javascript = 'IqDTy1TpoU';

describe('sources, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let sources: InstanceType<typeof sdk.SourcesApi>;
  before(async () => {
    stand = await sdkStand();
    sources = stand.api(sdk.SourcesApi);
  });
  after(() => stand.close());

  async function make(slug: string) {
    const made = await sources.createSource({ slug, enabled: true, metadataId: javascript });
    assert.equal(made.response.statusCode, 201);
    return dataOf(made).source;
  }

  it('are made, read, changed, listed and deleted', async () => {
    const source = await make('sdk-source');
    assert.equal(source.writeKeys.length, 1);
    assert.equal(source.metadata.slug, 'javascript');
    await refused(
      sources.createSource({ slug: 'sdk-source', enabled: true, metadataId: javascript }),
      409,
      'conflict',
    );

    const read = dataOf(await sources.getSource(source.id));
    assert.equal(read.trackingPlanId, null);
    const changed = await sources.updateSource(source.id, { name: 'Renamed', enabled: false });
    assert.deepEqual(
      [dataOf(changed).source.name, dataOf(changed).source.enabled],
      ['Renamed', false],
    );
    const deleted = await sources.deleteSource(source.id);
    assert.equal(dataOf(deleted).status, 'SUCCESS');
    await refused(sources.getSource(source.id), 404, 'not-found');
  });

  it('have write keys that are added and removed', async () => {
    const source = await make('keys');
    const added = await sources.createWriteKeyForSource(source.id);
    const writeKeys = dataOf(added).source.writeKeys;
    assert.equal(writeKeys.length, 2);
    await sources.removeWriteKeyFromSource(source.id, String(writeKeys[0]));
    const known = stand.rig.control.snapshot().sources.find(({ id }) => id === source.id);
    assert.deepEqual(known?.writeKeys, [writeKeys[1]]);
    await refused(sources.removeWriteKeyFromSource(source.id, 'no-such-key'), 404, 'not-found');
  });

  it('carry labels of the workspace, one of a key', async () => {
    const source = await make('labelled');
    const labels = stand.api(sdk.LabelsApi);
    await labels.createLabel({ label: { key: 'team', value: 'web' } });
    const added = await sources.addLabelsToSource(source.id, {
      labels: [{ key: 'environment', value: 'dev' }],
    });
    assert.deepEqual(
      dataOf(added).labels.map(({ key, value, description }) => [key, value, description]),
      [['environment', 'dev', undefined]],
    );
    const more = await sources.addLabelsToSource(source.id, {
      labels: [
        { key: 'environment', value: 'prod' },
        { key: 'team', value: 'web' },
      ],
    });
    assert.deepEqual(
      dataOf(more).labels.map(({ value }) => value),
      ['prod', 'web'],
    );
    const replaced = await sources.replaceLabelsInSource(source.id, {
      labels: [{ key: 'team', value: 'web' }],
    });
    assert.equal(dataOf(replaced).labels.length, 1);
    assert.equal(dataOf(await sources.getSource(source.id)).source.labels[0]?.value, 'web');
    const unknown = { labels: [{ key: 'team', value: 'none' }] };
    await refused(sources.addLabelsToSource(source.id, unknown), 422, 'input-validation');
  });

  it('have schema settings with defaults; forwarding that is left out ends', async () => {
    const source = await make('planned');
    const other = await make('violations');
    const first = dataOf(await sources.listSchemaSettingsInSource(source.id));
    assert.equal(first.sourceId, source.id);
    assert.equal(first.settings.track?.allowUnplannedEvents, true);
    assert.equal(first.settings.track?.allowEventOnViolations, false);
    const changed = await sources.updateSchemaSettingsInSource(source.id, {
      track: { allowUnplannedEvents: false },
      forwardingViolationsTo: other.id,
    });
    assert.equal(dataOf(changed).settings.forwardingViolationsTo, other.id);
    const merged = await sources.updateSchemaSettingsInSource(source.id, {
      track: {
        commonEventOnViolations: sdk.TrackSourceSettingsV1.CommonEventOnViolationsEnum.BLOCK,
      },
    });
    assert.equal(dataOf(merged).settings.track?.allowUnplannedEvents, false);
    assert.equal(dataOf(merged).settings.track?.commonEventOnViolations, 'BLOCK');
    assert.equal(dataOf(merged).settings.forwardingViolationsTo, undefined);
    await refused(
      sources.updateSchemaSettingsInSource(source.id, { forwardingBlockedEventsTo: '' }),
      422,
      'input-validation',
    );
  });

  it('are listed in pages, also 25 of them', async () => {
    for (let index = 0; index < 25; index += 1) await make(`many-${index}`);
    const slugs = await walk(async (pagination) => {
      const data = dataOf(await sources.listSources(pagination));
      return { ids: data.sources.map(({ slug }) => slug), next: data.pagination.next };
    }, 4);
    const many = slugs.filter((slug) => slug.startsWith('many-'));
    assert.deepEqual(
      many,
      Array.from({ length: 25 }, (_, index) => `many-${index}`),
    );
    assert.equal(new Set(slugs).size, slugs.length);
  });
});
