import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentTrackingPlan } from './present-tracking-plan.ts';

export const deleteTrackingPlan = writeOperation({
  operationId: 'deleteTrackingPlan',
  method: 'DELETE',
  path: '/tracking-plans/{trackingPlanId}',
  tag: 'Tracking Plans',
  summary: 'Deletes a tracking plan; its sources have none then',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Tracking Plan Deleted', resourceType: 'tracking-plan' },
  params: Type.Object({ trackingPlanId: Id }),
  response: StatusOutput,
  handle: async ({ db }, { params }) => {
    const row = await findTrackingPlan(db, params.trackingPlanId);
    await db.deleteFrom('tracking_plan').where('id', '=', row.id).execute();
    const before = { trackingPlan: presentTrackingPlan(row) };
    return { data: success, audited: { resourceId: row.id, resourceName: row.name, before } };
  },
});
