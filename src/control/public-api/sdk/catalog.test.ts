import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { actionsKind } from '../../testing/actions-kind.ts';
import { everyOption } from '../../testing/control-rig.ts';
import { inBrowser } from '../../testing/in-browser.ts';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('the catalogue, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let catalog: InstanceType<typeof sdk.CatalogApi>;
  before(async () => {
    stand = await sdkStand({ definitions: [everyOption, inBrowser, actionsKind] });
    catalog = stand.api(sdk.CatalogApi);
  });
  after(() => stand.close());

  it('has the kinds of sources, in pages and one by one', async () => {
    const slugs = await walk(async (pagination) => {
      const data = dataOf(await catalog.getSourcesCatalog(pagination));
      return { ids: data.sourcesCatalog.map(({ slug }) => slug), next: data.pagination.next };
    }, 7);
    for (const slug of ['http-api', 'javascript', 'ios', 'segmentstream', 'source-function']) {
      assert(slugs.includes(slug), slug);
    }
    assert.equal(new Set(slugs).size, slugs.length);
    const one = dataOf(await catalog.getSourceMetadata('IqDTy1TpoU')).sourceMetadata;
    assert.equal(one.slug, 'javascript');
    await refused(catalog.getSourceMetadata('none'), 404, 'not-found');
  });

  it('has the kinds of warehouses, in pages and one by one', async () => {
    const slugs = await walk(async (pagination) => {
      const data = dataOf(await catalog.getWarehousesCatalog(pagination));
      return { ids: data.warehousesCatalog.map(({ slug }) => slug), next: data.pagination.next };
    }, 3);
    assert.deepEqual(slugs, [
      ...['duckdb', 'postgres', 'clickhouse', 'bigquery'],
      ...['snowflake', 'redshift', 'databricks', 's3-parquet'],
    ]);
    const { warehouseMetadata } = dataOf(await catalog.getWarehouseMetadata('postgres'));
    assert.deepEqual(
      warehouseMetadata.options.map(({ name, type, required }) => [name, type, required]),
      [
        ['host', 'string', true],
        ['port', 'string', false],
        ['database', 'string', true],
        ['username', 'string', true],
        ['password', 'password', true],
        ['schema', 'string', false],
      ],
    );
    await refused(catalog.getWarehouseMetadata('none'), 404, 'not-found');
  });

  it('has the kinds of destinations with their actions, fields, presets and triggers', async () => {
    const page = dataOf(await catalog.getDestinationsCatalog({ count: 2 }));
    assert.deepEqual(
      page.destinationsCatalog.map(({ id }) => id),
      [everyOption.id, inBrowser.id],
    );
    const { destinationMetadata } = dataOf(await catalog.getDestinationMetadata(actionsKind.id));
    const { actions, presets } = actionsKind.readActions();
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
    assert.deepEqual(plain(destinationMetadata.actions), actions);
    assert.deepEqual(plain(destinationMetadata.presets), presets);
    await refused(catalog.getDestinationMetadata('none'), 404, 'not-found');
  });
});
