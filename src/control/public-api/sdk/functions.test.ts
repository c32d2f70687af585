import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { everyOption } from '../../testing/control-rig.ts';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

const { ResourceTypeEnum } = sdk.CreateFunctionV1Input;

describe('functions, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let functions: InstanceType<typeof sdk.FunctionsApi>;
  before(async () => {
    stand = await sdkStand();
    functions = stand.api(sdk.FunctionsApi);
  });
  after(() => stand.close());

  it('are made, read, changed, deployed, restored and deleted', async () => {
    const made = await functions.createFunction({
      code: 'async function onRequest() {}',
      displayName: 'Hook',
      resourceType: ResourceTypeEnum.SOURCE,
      description: 'Takes webhooks',
      settings: [
        {
          name: 'apiKey',
          label: 'API key',
          description: '',
          type: sdk.FunctionSettingV1.TypeEnum.STRING,
          required: true,
          sensitive: true,
        },
      ],
    });
    const id = dataOf(made)['function'].id ?? '';
    const read = dataOf(await functions.getFunction(id))['function'];
    assert.equal(read?.displayName, 'Hook');
    assert.equal(read?.settings?.[0]?.sensitive, true);
    await functions.updateFunction(id, { code: 'async function onRequest(request) {}' });
    assert.equal(
      dataOf(await functions.createFunctionDeployment(id)).functionDeployment.status,
      'SUCCESS',
    );
    const { versions } = dataOf(await functions.listFunctionVersions(id, { count: 10 }));
    assert.deepEqual(
      versions.map(({ isDeployed }) => isDeployed),
      [false, true],
    );
    const [first] = versions;
    const restored = await functions.restoreFunctionVersion(id, { versionId: first?.id ?? '' });
    const copy = dataOf(restored).version;
    assert.equal(copy.code, first?.code);
    const shown = await functions.getFunctionVersion(id, copy.id);
    assert.deepEqual(dataOf(shown).version, copy);
    await functions.deleteFunction(id);
    await refused(functions.getFunction(id), 404, 'not-found');
  });

  it('are listed in pages, also 25 of them', async () => {
    const made: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const resourceType = ResourceTypeEnum.DESTINATION;
      const input = { code: '', displayName: `f${index}`, resourceType };
      made.push(dataOf(await functions.createFunction(input))['function'].id ?? '');
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await functions.listFunctions(pagination, 'DESTINATION'));
      return { ids: data.functions.map(({ id }) => id ?? ''), next: data.pagination.next };
    }, 7);
    assert.deepEqual(listed, made);
  });

  it('are inserted: instances are made, read, changed, listed and deleted', async () => {
    const made = await functions.createFunction({
      code: '',
      displayName: 'Insert',
      resourceType: ResourceTypeEnum.INSERT_DESTINATION,
    });
    const functionId = dataOf(made)['function'].id ?? '';
    const destination = await stand.api(sdk.DestinationsApi).createDestination({
      sourceId: stand.rig.control.snapshot().sources[0]?.id ?? '',
      metadataId: everyOption.id,
      settings: {},
    });
    const integrationId = dataOf(destination).destination.id;
    const input = { functionId, integrationId, name: 'One', settings: { a: 'b' } };
    const created = dataOf(await functions.createInsertFunctionInstance(input));
    const { id } = created.insertFunctionInstance;
    const changed = await functions.updateInsertFunctionInstance(id, {
      settings: { a: 'c' },
      enabled: false,
    });
    assert.deepEqual(dataOf(changed).insertFunctionInstance.settings, { a: 'c' });
    const read = await functions.getInsertFunctionInstance(id);
    assert.equal(dataOf(read).insertFunctionInstance.enabled, false);
    const second = { ...input, name: 'Two' };
    const other = dataOf(await functions.createInsertFunctionInstance(second));
    const listed = await walk(async (pagination) => {
      const data = dataOf(await functions.listInsertFunctionInstances(pagination, functionId));
      return { ids: data.instances.map((one) => one.id), next: data.pagination.next };
    }, 1);
    assert.deepEqual(listed, [id, other.insertFunctionInstance.id]);
    await refused(functions.deleteFunction(functionId), 409, 'conflict');
    await functions.deleteInsertFunctionInstance(id);
    await refused(functions.getInsertFunctionInstance(id), 404, 'not-found');
  });
});
