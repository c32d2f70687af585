import { Type } from '../../schemas/type.ts';
import { changeTrackingPlan } from '../../tracking-plans/change-tracking-plan.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import {
  TrackingPlan,
  TrackingPlanDescription,
  TrackingPlanName,
} from '../models/tracking-plan.ts';
import { presentTrackingPlan } from './present-tracking-plan.ts';

export const updateTrackingPlan = writeOperation({
  operationId: 'updateTrackingPlan',
  method: 'PATCH',
  path: '/tracking-plans/{trackingPlanId}',
  tag: 'Tracking Plans',
  summary: 'Changes the name and description of a tracking plan',
  permission: 'write',
  on: 'tracking-plan',
  audit: { type: 'Tracking Plan Modified', resourceType: 'tracking-plan' },
  params: Type.Object({ trackingPlanId: Id }),
  body: Type.Object({
    name: Type.Optional(TrackingPlanName),
    description: Type.Optional(TrackingPlanDescription),
  }),
  response: StatusOutput,
  seed: {
    response: Type.Object({ ...StatusOutput.properties, trackingPlan: TrackingPlan }),
    from: (data) => data,
  },
  handle: async (context, { params, body }) => {
    const row = await findTrackingPlan(context.db, params.trackingPlanId);
    const changed = await changeTrackingPlan(context, row, body);
    const after = { trackingPlan: presentTrackingPlan(changed) };
    // Only the style `seed` declares the plan, and so sends it.
    const data = { ...success, ...after };
    const before = { trackingPlan: presentTrackingPlan(row) };
    return {
      data,
      audited: { resourceId: row.id, resourceName: changed.name, before, after },
    };
  },
});
