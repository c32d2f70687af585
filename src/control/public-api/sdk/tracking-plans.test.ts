import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { dataOf, refused, type SdkStand, sdkStand, walk } from '../../testing/sdk-stand.ts';

const { TypeEnum: PlanType } = sdk.CreateTrackingPlanV1Input;
const { TypeEnum: RuleType } = sdk.RuleInputV1;

describe('tracking plans, by the official TypeScript SDK', () => {
  let stand: SdkStand;
  let plans: InstanceType<typeof sdk.TrackingPlansApi>;
  before(async () => {
    stand = await sdkStand();
    plans = stand.api(sdk.TrackingPlansApi);
  });
  after(() => stand.close());

  it('are made, read, changed and deleted, with their rules and sources', async () => {
    const made = await plans.createTrackingPlan({ name: 'Plan', type: PlanType.LIVE });
    const { id } = dataOf(made).trackingPlan;
    const changed = await plans.updateTrackingPlan(id, { name: 'Other' });
    assert.equal(dataOf(changed).status, 'SUCCESS');
    assert.equal(dataOf(await plans.getTrackingPlan(id)).trackingPlan.name, 'Other');

    const jsonSchema = { properties: { properties: { type: 'object' } } };
    const track = { type: RuleType.TRACK, version: 1, jsonSchema };
    await plans.replaceRulesInTrackingPlan(id, {
      rules: [
        { ...track, key: 'Order Completed' },
        { ...track, key: 'Signed Up' },
        { type: RuleType.COMMON, version: 1, jsonSchema },
      ],
    });
    await plans.updateRulesInTrackingPlan(id, {
      rules: [{ ...track, key: 'Signed Up', newKey: 'User Signed Up' }],
    });
    await plans.removeRulesFromTrackingPlan(id, [
      { type: RuleType.TRACK, key: 'Order Completed', version: 1 },
    ]);
    const { rules } = dataOf(await plans.listRulesFromTrackingPlan(id, { count: 10 }));
    assert.deepEqual(
      rules.map(({ type, key }) => [type, key]),
      [
        ['TRACK', 'User Signed Up'],
        ['COMMON', undefined],
      ],
    );
    assert.deepEqual(rules[0]?.jsonSchema, jsonSchema);

    const sources = stand.api(sdk.SourcesApi);
    const input = { slug: 'planned', enabled: true, metadataId: 'IqDTy1TpoU' };
    const { source } = dataOf(await sources.createSource(input));
    await plans.addSourceToTrackingPlan(id, { sourceId: source.id });
    assert.equal(dataOf(await sources.getSource(source.id)).trackingPlanId, id);
    const connected = dataOf(await plans.listSourcesFromTrackingPlan(id, { count: 10 }));
    assert.deepEqual(
      connected.sources.map(({ slug }) => slug),
      ['planned'],
    );
    await plans.removeSourceFromTrackingPlan(id, source.id);
    await plans.deleteTrackingPlan(id);
    await refused(plans.getTrackingPlan(id), 404, 'not-found');
  });

  it('are listed in pages, also 25 of them, and so are their rules', async () => {
    const made: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const input = { name: `p${index}`, type: PlanType.TEMPLATE };
      made.push(dataOf(await plans.createTrackingPlan(input)).trackingPlan.id);
    }
    const listed = await walk(async (pagination) => {
      const data = dataOf(await plans.listTrackingPlans(pagination, 'TEMPLATE'));
      return { ids: data.trackingPlans.map(({ id }) => id), next: data.pagination.next };
    }, 7);
    assert.deepEqual(listed, made);
    const [id = ''] = made;
    const keys = Array.from({ length: 25 }, (_, index) => `Event ${index}`);
    await plans.replaceRulesInTrackingPlan(id, {
      rules: keys.map((key) => ({ type: RuleType.TRACK, key, version: 1, jsonSchema: {} })),
    });
    const rules = await walk(async (pagination) => {
      const data = dataOf(await plans.listRulesFromTrackingPlan(id, pagination));
      return { ids: data.rules.map(({ key }) => key ?? ''), next: data.pagination.next };
    }, 7);
    assert.deepEqual(rules, keys);
  });

  it('are refused with what is wrong', async () => {
    const rule = { type: RuleType.TRACK, key: 'A', version: 1, jsonSchema: {} };
    const { id } = dataOf(
      await plans.createTrackingPlan({ name: 'Wrong', type: PlanType.LIVE }),
    ).trackingPlan;
    const twice = plans.replaceRulesInTrackingPlan(id, { rules: [rule, rule] });
    await refused(twice, 422, 'input-validation');
    const none = plans.addSourceToTrackingPlan(id, { sourceId: 'none' });
    await refused(none, 404, 'not-found');
  });
});
