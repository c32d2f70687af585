import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { disconnectPlan } from '../../tracking-plans/sources/connect-plan.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';

export const removeSourceFromTrackingPlan = writeOperation({
  operationId: 'removeSourceFromTrackingPlan',
  method: 'DELETE',
  path: '/tracking-plans/{trackingPlanId}/sources',
  tag: 'Tracking Plans',
  summary: 'Takes a tracking plan from a source',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ trackingPlanId: Id }),
  query: Type.Object({ sourceId: Id }),
  response: StatusOutput,
  handle: async (context, { params, query }) => {
    const plan = await findTrackingPlan(context.db, params.trackingPlanId);
    const source = await disconnectPlan(context, plan, query.sourceId);
    const before = { trackingPlanId: plan.id };
    return {
      data: success,
      audited: { resourceId: source.id, resourceName: source.name, before },
    };
  },
});
