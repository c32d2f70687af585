import { Type } from '../../schemas/type.ts';
import { configWrite } from '../frame/config-operation.ts';
import { findPlan } from './find-plan.ts';
import { connectNamed, SourceConnection, sourceConnection } from './source-connection.ts';

export const createSourceConnection = configWrite({
  operationId: 'configCreateSourceConnection',
  method: 'POST',
  path: '/workspaces/{workspace}/tracking-plans/{plan}/source-connections',
  tag: 'Tracking Plans',
  summary: 'Connects a tracking plan to a source, which has one at most',
  permission: 'write',
  area: 'tracking-plan',
  audit: { type: 'Source Modified', resourceType: 'source' },
  body: Type.Object({ source_name: Type.String({ minLength: 1 }) }),
  response: SourceConnection,
  handle: async (context, { params, body }) => {
    const plan = await findPlan(context.db, params.plan);
    const source = await connectNamed(context, plan, 'source_name', body.source_name);
    return {
      data: sourceConnection(context.environment, plan, source),
      audited: {
        resourceId: source.id,
        resourceName: source.name,
        after: { trackingPlanId: plan.id },
      },
    };
  },
});
