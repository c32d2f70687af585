import { Type } from '../../schemas/type.ts';
import type { SourceRow } from '../../sources/find-source.ts';
import { configWrite } from '../frame/config-operation.ts';
import { findPlan } from './find-plan.ts';
import { connectNamed, SourceConnection, sourceConnection } from './source-connection.ts';

export const batchCreateConnections = configWrite({
  operationId: 'configBatchCreateConnections',
  method: 'POST',
  path: '/workspaces/{workspace}/tracking-plans/{plan}/source-connections:batchCreateConnections',
  tag: 'Tracking Plans',
  summary: 'Connects a tracking plan to several sources, or to none of them when one cannot be',
  permission: 'write',
  area: 'tracking-plan',
  audit: { type: 'Source Modified', resourceType: 'source' },
  body: Type.Object({
    source_names: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 200 }),
  }),
  response: Type.Object({ connections: Type.Array(SourceConnection) }),
  handle: async (context, { params, body }) => {
    const plan = await findPlan(context.db, params.plan);
    const sources: SourceRow[] = [];
    for (const [index, name] of body.source_names.entries()) {
      sources.push(await connectNamed(context, plan, `source_names.${index}`, name));
    }
    const [first] = sources;
    const resourceName = sources.length === 1 ? first?.name : `${sources.length} sources`;
    return {
      data: {
        connections: sources.map((one) => sourceConnection(context.environment, plan, one)),
      },
      audited: {
        resourceId: first?.id ?? '',
        resourceName: resourceName ?? '',
        after: { trackingPlanId: plan.id, sourceIds: sources.map(({ id }) => id) },
      },
    };
  },
});
