import { presentTrackingPlan } from '../../public-api/tracking-plans/present-tracking-plan.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findPlan } from './find-plan.ts';

export const deleteTrackingPlan = configWrite({
  operationId: 'configDeleteTrackingPlan',
  method: 'DELETE',
  path: '/workspaces/{workspace}/tracking-plans/{plan}',
  tag: 'Tracking Plans',
  summary: 'Deletes a tracking plan; its sources have none then',
  permission: 'write',
  area: 'tracking-plan',
  audit: { type: 'Tracking Plan Deleted', resourceType: 'tracking-plan' },
  response: Nothing,
  handle: async ({ db }, { params }) => {
    const row = await findPlan(db, params.plan);
    await db.deleteFrom('tracking_plan').where('id', '=', row.id).execute();
    const before = { trackingPlan: presentTrackingPlan(row) };
    return { data: nothing, audited: { resourceId: row.id, resourceName: row.name, before } };
  },
});
