import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

describe('deletion and suppression, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let privacy: InstanceType<typeof sdk.DeletionAndSuppressionApi>;
  let sourceId: string;
  before(async () => {
    stand = await sdkStand();
    privacy = stand.api(sdk.DeletionAndSuppressionApi);
    const sources = dataOf(await stand.api(sdk.SourcesApi).listSources({ count: 1 })).sources;
    sourceId = String(sources[0]?.id);
  });
  after(() => stand.close());

  const page = { count: 200 };
  const ofWorkspace = sdk.CreateWorkspaceRegulationV1Input;
  const ofSource = sdk.CreateSourceRegulationV1Input;
  const ofCloudSource = sdk.CreateCloudSourceRegulationV1Input;

  it('users are suppressed in the workspace, listed, and taken back', async () => {
    const subjectType = ofWorkspace.SubjectTypeEnum.USER_ID;
    const subjectIds = Array.from({ length: 25 }, (_, index) => `user-${index}`);
    const made = await privacy.createWorkspaceRegulation({
      regulationType: ofWorkspace.RegulationTypeEnum.SUPPRESS_ONLY,
      subjectType,
      subjectIds,
    });
    assert.equal(made.response.statusCode, 200);
    const { regulateId } = dataOf(made);
    assert.equal(
      dataOf(await privacy.getRegulation(regulateId)).regulation.overallStatus,
      'FINISHED',
    );
    const suppressed = await walk(async (pagination) => {
      const data = dataOf(await privacy.listSuppressions(pagination));
      const ids = data.suppressed.flatMap((one) => one.subjectIds);
      return { ids, next: data.pagination.next };
    }, 4);
    assert.deepEqual(suppressed, subjectIds);
    await privacy.createWorkspaceRegulation({
      regulationType: ofWorkspace.RegulationTypeEnum.UNSUPPRESS,
      subjectType,
      subjectIds,
    });
    assert.deepEqual(dataOf(await privacy.listSuppressions(page)).suppressed, []);
    await refused(privacy.getRegulation('none'), 404, 'not-found');
    const none = { regulationType: ofWorkspace.RegulationTypeEnum.UNSUPPRESS, subjectType };
    const bad = privacy.createWorkspaceRegulation({ ...none, subjectIds: [] });
    await refused(bad, 422, 'input-validation');
  });

  it('regulations of sources are their own, and are listed in pages', async () => {
    for (let index = 0; index < 25; index += 1) {
      await privacy.createSourceRegulation(sourceId, {
        regulationType: ofSource.RegulationTypeEnum.DELETE_ONLY,
        subjectType: ofSource.SubjectTypeEnum.USER_ID,
        subjectIds: [`anon-${index}`],
      });
    }
    const cloud = await privacy.createCloudSourceRegulation(sourceId, {
      regulationType: ofCloudSource.RegulationTypeEnum.DELETE_ONLY,
      subjectType: ofCloudSource.SubjectTypeEnum.OBJECT_ID,
      subjectIds: ['object'],
      collection: 'tickets',
    });
    const { regulation } = dataOf(await privacy.getRegulation(dataOf(cloud).regulateId));
    assert.equal(regulation.overallStatus, 'NOT_SUPPORTED');
    const all = dataOf(await privacy.listRegulationsFromSource(sourceId, page)).regulations;
    assert.equal(all.length, 26);
    const waiting = await privacy.listRegulationsFromSource(sourceId, page, 'INITIALIZED');
    assert.equal(dataOf(waiting).regulations.length, 25);
    const ofType = await privacy.listRegulationsFromSource(sourceId, page, undefined, [
      'SUPPRESS_ONLY',
      'UNSUPPRESS',
    ]);
    assert.deepEqual(dataOf(ofType).regulations, []);
    await refused(privacy.listRegulationsFromSource('none', page), 404, 'not-found');
  });

  it('regulations of the workspace are listed in pages', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const made = await privacy.createWorkspaceRegulation({
        regulationType: ofWorkspace.RegulationTypeEnum.DELETE_INTERNAL,
        subjectType: ofWorkspace.SubjectTypeEnum.USER_ID,
        subjectIds: [`gone-${index}`],
      });
      ids.push(dataOf(made).regulateId);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(
        await privacy.listWorkspaceRegulations(pagination, 'INITIALIZED', ['DELETE_INTERNAL']),
      );
      return { ids: data.regulations.map(({ id }) => id), next: data.pagination.next };
    }, 7);
    assert.deepEqual(listed, ids);
  });
});
