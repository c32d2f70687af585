import { limits } from '../../../core/limits.ts';
import { Type } from '../../schemas/type.ts';
import { trackingPlanTypes } from '../../tracking-plans/find-tracking-plan.ts';
import { makeTrackingPlan } from '../../tracking-plans/make-tracking-plan.ts';
import { writeOperation } from '../frame/operation.ts';
import { oneOf } from '../frame/schema.ts';
import {
  RuleInput,
  TrackingPlan,
  TrackingPlanDescription,
  TrackingPlanName,
} from '../models/tracking-plan.ts';
import { presentTrackingPlan } from './present-tracking-plan.ts';

export const createTrackingPlan = writeOperation({
  operationId: 'createTrackingPlan',
  method: 'POST',
  path: '/tracking-plans',
  tag: 'Tracking Plans',
  summary: 'Makes a tracking plan, also with its rules at once',
  permission: 'write',
  on: 'tracking-plan',
  bodyBytes: limits.rulesBodyBytes,
  audit: { type: 'Tracking Plan Created', resourceType: 'tracking-plan' },
  body: Type.Object({
    name: TrackingPlanName,
    type: Type.Optional(oneOf(trackingPlanTypes)),
    description: Type.Optional(TrackingPlanDescription),
    // As in seed 004; Segment's SDKs set them afterwards.
    rules: Type.Optional(Type.Array(RuleInput)),
  }),
  response: Type.Object({ trackingPlan: TrackingPlan }),
  handle: async (context, { body }) => {
    const row = await makeTrackingPlan(context, body);
    return {
      data: { trackingPlan: presentTrackingPlan(row) },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});
