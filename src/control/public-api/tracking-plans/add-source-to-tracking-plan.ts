import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { connectPlan } from '../../tracking-plans/sources/connect-plan.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';

export const addSourceToTrackingPlan = writeOperation({
  operationId: 'addSourceToTrackingPlan',
  method: 'POST',
  path: '/tracking-plans/{trackingPlanId}/sources',
  tag: 'Tracking Plans',
  summary: 'Connects a tracking plan to a source, which has one at most',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ trackingPlanId: Id }),
  body: Type.Object({ sourceId: Id }),
  response: StatusOutput,
  handle: async (context, { params, body }) => {
    const plan = await findTrackingPlan(context.db, params.trackingPlanId);
    const source = await connectPlan(context, plan, body.sourceId);
    const after = { trackingPlanId: plan.id };
    return {
      data: success,
      audited: { resourceId: source.id, resourceName: source.name, after },
    };
  },
});
