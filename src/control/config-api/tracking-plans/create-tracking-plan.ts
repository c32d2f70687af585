import { limits } from '../../../core/limits.ts';
import { FreeObject } from '../../public-api/frame/schema.ts';
import { TrackingPlanName } from '../../public-api/models/tracking-plan.ts';
import { presentTrackingPlan } from '../../public-api/tracking-plans/present-tracking-plan.ts';
import { Type } from '../../schemas/type.ts';
import { makeTrackingPlan } from '../../tracking-plans/make-tracking-plan.ts';
import { configWrite } from '../frame/config-operation.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import { rulesOf } from './find-plan.ts';
import { readRules } from './read-rules.ts';
import { configTrackingPlan, TrackingPlanOutput } from './tracking-plan.ts';

export const createTrackingPlan = configWrite({
  operationId: 'configCreateTrackingPlan',
  method: 'POST',
  path: '/workspaces/{workspace}/tracking-plans',
  tag: 'Tracking Plans',
  summary: 'Makes a tracking plan with its rules',
  permission: 'write',
  area: 'tracking-plan',
  bodyBytes: limits.rulesBodyBytes,
  audit: { type: 'Tracking Plan Created', resourceType: 'tracking-plan' },
  body: Type.Object({
    tracking_plan: Type.Object({
      display_name: TrackingPlanName,
      rules: Type.Optional(FreeObject),
    }),
  }),
  response: TrackingPlanOutput,
  handle: async (context, { body: { tracking_plan } }) => {
    const { rules, rename } = readRules(tracking_plan.rules ?? {}, []);
    const row = await inConfigWords(rename, () =>
      makeTrackingPlan(context, { name: tracking_plan.display_name, rules }),
    );
    return {
      data: configTrackingPlan(context.environment, row, await rulesOf(context.db, row)),
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        after: { trackingPlan: presentTrackingPlan(row) },
      },
    };
  },
});
