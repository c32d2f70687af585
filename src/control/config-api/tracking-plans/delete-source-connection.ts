import { disconnectPlan } from '../../tracking-plans/sources/connect-plan.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { findPlan } from './find-plan.ts';

export const deleteSourceConnection = configWrite({
  operationId: 'configDeleteSourceConnection',
  method: 'DELETE',
  path: '/workspaces/{workspace}/tracking-plans/{plan}/source-connections/{source}',
  tag: 'Tracking Plans',
  summary: 'Takes a tracking plan from a source',
  permission: 'write',
  area: 'tracking-plan',
  audit: { type: 'Source Modified', resourceType: 'source' },
  response: Nothing,
  handle: async (context, { params }) => {
    const plan = await findPlan(context.db, params.plan);
    const { id } = await findNamedSource(context.db, params.source);
    const source = await disconnectPlan(context, plan, id);
    const before = { trackingPlanId: plan.id };
    return {
      data: nothing,
      audited: { resourceId: source.id, resourceName: source.name, before },
    };
  },
});
