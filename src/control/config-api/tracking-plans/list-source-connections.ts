import { Type } from '../../schemas/type.ts';
import { planSourcePage } from '../../tracking-plans/sources/plan-source-page.ts';
import { configRead } from '../frame/config-operation.ts';
import { configPage, PageQuery, pageOutput, pageToken } from '../frame/page.ts';
import { findPlan } from './find-plan.ts';
import { SourceConnection, sourceConnection } from './source-connection.ts';

export const listSourceConnections = configRead({
  operationId: 'configListSourceConnections',
  method: 'GET',
  path: '/workspaces/{workspace}/tracking-plans/{plan}/source-connections',
  tag: 'Tracking Plans',
  summary: 'The sources that a tracking plan is connected to',
  permission: 'read',
  area: 'tracking-plan',
  query: PageQuery,
  response: Type.Object({ connections: Type.Array(SourceConnection), ...pageOutput }),
  handle: async (context, { params, query }) => {
    const plan = await findPlan(context.db, params.plan);
    const { rows, pagination } = await planSourcePage(context, configPage(query), plan.id);
    return {
      connections: rows.map((row) => sourceConnection(context.environment, plan, row)),
      ...pageToken(pagination),
    };
  },
});
