import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('transformations, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let transformations: InstanceType<typeof sdk.TransformationsApi>;
  let sourceId = '';
  before(async () => {
    stand = await sdkStand();
    transformations = stand.api(sdk.TransformationsApi);
    sourceId = stand.rig.control.snapshot().sources[0]?.id ?? '';
  });
  after(() => stand.close());

  it('are made, read, changed and deleted', async () => {
    const made = await transformations.createTransformation({
      name: 'Rename',
      sourceId,
      enabled: true,
      if: "event = 'Old'",
      newEventName: 'New',
      propertyRenames: [{ oldName: 'a', newName: 'b' }],
    });
    const { transformation } = dataOf(made);
    assert.equal(transformation.newEventName, 'New');
    const read = await transformations.getTransformation(transformation.id);
    assert.deepEqual(dataOf(read).transformation, transformation);
    const changed = await transformations.updateTransformation(transformation.id, {
      enabled: false,
      newEventName: 'Newer',
    });
    assert.deepEqual(
      [dataOf(changed).transformation.enabled, dataOf(changed).transformation.newEventName],
      [false, 'Newer'],
    );
    const wrong = transformations.updateTransformation(transformation.id, { if: '(' });
    await refused(wrong, 422, 'input-validation');
    await transformations.deleteTransformation(transformation.id);
    await refused(transformations.getTransformation(transformation.id), 404, 'not-found');
  });

  it('are listed in pages, also 25 of them', async () => {
    const made: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const input = { name: `t${index}`, sourceId, enabled: false, if: `event = 'e${index}'` };
      made.push(dataOf(await transformations.createTransformation(input)).transformation.id);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await transformations.listTransformations(pagination));
      return { ids: data.transformations.map(({ id }) => id), next: data.pagination.next };
    }, 7);
    assert.deepEqual(listed, made);
  });
});
