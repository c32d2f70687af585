import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { everyOption } from '../../testing/control-rig.ts';
import { dataOf, refused, type SdkStand, sdkStand } from '../../testing/sdk-stand.ts';

describe('the workspace, the catalogue and echo, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  before(async () => {
    stand = await sdkStand();
  });
  after(() => stand.close());

  it('reads the workspace', async () => {
    const workspaces = stand.api(sdk.WorkspacesApi);
    assert.equal(dataOf(await workspaces.getWorkspace()).workspace.slug, 'default');
  });

  it('reads the catalogue', async () => {
    const catalog = stand.api(sdk.CatalogApi);
    const all = await catalog.getSourcesCatalog({ count: 5 });
    assert.equal(dataOf(all).sourcesCatalog.length, 5);
    const one = await catalog.getSourceMetadata('IqDTy1TpoU');
    assert.equal(dataOf(one).sourceMetadata.name, 'Javascript');
    const kinds = await catalog.getDestinationsCatalog({ count: 5 });
    assert.equal(dataOf(kinds).destinationsCatalog[0]?.slug, 'every-option');
    const kind = await catalog.getDestinationMetadata(everyOption.id);
    assert.equal(dataOf(kind).destinationMetadata.id, everyOption.id);
    await refused(catalog.getSourceMetadata('none'), 404, 'not-found');
  });

  it('hears from echo what it asks for', async () => {
    const testing = stand.api(sdk.TestingApi);
    const data = dataOf(await testing.echo('hello'));
    assert.equal(data.message, 'hello');
    assert.equal(data.headers['authorization'], undefined);
    await refused(testing.echo('no', 0, true), 422, 'input-validation');
    await refused(testing.echo('no', 0, true, false, false, 404), 404, 'input-validation');
    await refused(testing.echo('no', 0, false, false, true), 500, 'internal-error');
  });
});
