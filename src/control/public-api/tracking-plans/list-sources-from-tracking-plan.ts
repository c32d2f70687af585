import { Type } from '../../schemas/type.ts';
import { findTrackingPlan } from '../../tracking-plans/find-tracking-plan.ts';
import { planSourcePage } from '../../tracking-plans/sources/plan-source-page.ts';
import { readOperation } from '../frame/operation.ts';
import { PaginatedQuery, PaginationOutput, pageRequest } from '../frame/pagination.ts';
import { Id } from '../frame/schema.ts';
import { Source } from '../models/source.ts';
import { presentSources } from '../sources/present-source.ts';

export const listSourcesFromTrackingPlan = readOperation({
  operationId: 'listSourcesFromTrackingPlan',
  method: 'GET',
  path: '/tracking-plans/{trackingPlanId}/sources',
  tag: 'Tracking Plans',
  summary: 'The sources that a tracking plan is connected to, oldest first',
  permission: 'read',
  on: 'tracking-plan',
  params: Type.Object({ trackingPlanId: Id }),
  query: PaginatedQuery,
  response: Type.Object({ sources: Type.Array(Source), pagination: PaginationOutput }),
  handle: async (context, { params, query }) => {
    const plan = await findTrackingPlan(context.db, params.trackingPlanId);
    const { rows, pagination } = await planSourcePage(context, pageRequest(query), plan.id);
    return { sources: await presentSources(context, rows), pagination };
  },
});
