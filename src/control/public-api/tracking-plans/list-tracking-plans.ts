import { Type } from '../../schemas/type.ts';
import { trackingPlanTypes } from '../../tracking-plans/find-tracking-plan.ts';
import { trackingPlanPage } from '../../tracking-plans/tracking-plan-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginationInput, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { oneOf } from '../frame/schema.ts';
import { TrackingPlan } from '../models/tracking-plan.ts';
import { presentTrackingPlan } from './present-tracking-plan.ts';

export const listTrackingPlans = readOperation({
  operationId: 'listTrackingPlans',
  method: 'GET',
  path: '/tracking-plans',
  tag: 'Tracking Plans',
  summary: 'The tracking plans, oldest first',
  permission: 'read',
  on: 'tracking-plan',
  query: Type.Object({
    type: Type.Optional(oneOf(trackingPlanTypes)),
    pagination: Type.Optional(PaginationInput),
  }),
  response: Type.Object({ trackingPlans: Type.Array(TrackingPlan), pagination: PaginationOutput }),
  handle: async (context, { query }) => {
    const { rows, pagination } = await trackingPlanPage(context, pageRequest(query), query.type);
    return { trackingPlans: rows.map(presentTrackingPlan), pagination };
  },
});
