import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { TrackingPlan } from '../models/tracking-plan.ts';
import { presentTrackingPlan } from './present-tracking-plan.ts';

export const getTrackingPlan = readOperation({
  operationId: 'getTrackingPlan',
  method: 'GET',
  path: '/tracking-plans/{trackingPlanId}',
  tag: 'Tracking Plans',
  summary: 'One tracking plan',
  permission: 'read',
  on: 'tracking-plan',
  params: Type.Object({ trackingPlanId: Id }),
  response: Type.Object({ trackingPlan: TrackingPlan }),
  handle: async ({ db }, { params }) => ({
    trackingPlan: presentTrackingPlan(await findTrackingPlan(db, params.trackingPlanId)),
  }),
});
