import { Type } from '../../schemas/type.ts';
import { trackingPlanPage } from '../../tracking-plans/tracking-plan-page.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { configTrackingPlan, TrackingPlanOutput } from './tracking-plan.ts';

export const listTrackingPlans = configRead({
  operationId: 'configListTrackingPlans',
  method: 'GET',
  path: '/workspaces/{workspace}/tracking-plans',
  tag: 'Tracking Plans',
  summary: 'The tracking plans, oldest first, without their rules',
  permission: 'read',
  area: 'tracking-plan',
  query: PageQuery,
  response: Type.Object({ tracking_plans: Type.Array(TrackingPlanOutput), ...pageOutput }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await trackingPlanPage(context, configPage(query));
    return {
      tracking_plans: rows.map((row) => configTrackingPlan(context.environment, row, [])),
      ...pageToken(pagination),
    };
  },
});
