import { configRead } from '../frame/config-operation.ts';
import { findPlan, rulesOf } from './find-plan.ts';
import { configTrackingPlan, TrackingPlanOutput } from './tracking-plan.ts';

export const getTrackingPlan = configRead({
  operationId: 'configGetTrackingPlan',
  method: 'GET',
  path: '/workspaces/{workspace}/tracking-plans/{plan}',
  tag: 'Tracking Plans',
  summary: 'One tracking plan with its rules',
  permission: 'read',
  area: 'tracking-plan',
  response: TrackingPlanOutput,
  handle: async ({ db, environment }, { params }) => {
    const row = await findPlan(db, params.plan);
    return configTrackingPlan(environment, row, await rulesOf(db, row));
  },
});
