import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { rulePage } from '../../tracking-plans/rules/rule-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Rule } from '../models/tracking-plan.ts';
import { presentRule } from './present-tracking-plan.ts';

export const listRulesFromTrackingPlan = readOperation({
  operationId: 'listRulesFromTrackingPlan',
  method: 'GET',
  path: '/tracking-plans/{trackingPlanId}/rules',
  tag: 'Tracking Plans',
  summary: 'The rules of a tracking plan, in the order in which they were given',
  permission: 'read',
  on: 'tracking-plan',
  perMinute: 200,
  params: Type.Object({ trackingPlanId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ rules: Type.Array(Rule), pagination: PaginationOutput }),
  handle: async (context, { params, query }) => {
    const plan = await findTrackingPlan(context.db, params.trackingPlanId);
    const { rows, pagination } = await rulePage(context, pageRequest(query), plan.id);
    return { rules: rows.map(presentRule), pagination };
  },
});
