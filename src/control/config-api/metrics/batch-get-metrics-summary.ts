import { requireAccess } from '../../access/require-access.ts';
import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configRead } from '../frame/config-operation.ts';
import { isWorkspace } from '../frame/resource-name.ts';
import { metricRange, rangeQuery } from './metric-range.ts';
import { MetricsSummary, metricsSummary } from './metrics-summary.ts';

export const batchGetMetricsSummary = configRead({
  operationId: 'configBatchGetMetricsSummary',
  method: 'GET',
  path: '/workspaces/{workspace}/event-delivery-metrics:batchGetSummary',
  tag: 'Event Delivery Metrics',
  summary:
    'What became of the events of several destinations, named in the query or in a JSON body',
  permission: 'read',
  area: 'source',
  query: Type.Object({
    /** `workspaces/x/sources/y/destinations/z`, or `y/z`. */
    names: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
    ...rangeQuery,
  }),
  response: Type.Object({ summaries: Type.Array(MetricsSummary) }),
  handle: async (context, { query }) => {
    const { db, environment, principal } = context;
    const range = await metricRange(context, query);
    const summaries = [];
    for (const [index, name] of query.names.entries()) {
      const named = await namedDestination(context, pairOf(environment, `names.${index}`, name));
      const resource = { type: 'SOURCE', id: named.destination.source_id } as const;
      await requireAccess(db, principal, 'read', { area: 'source', resource });
      summaries.push(await metricsSummary(context, named, range));
    }
    return { summaries };
  },
});

function pairOf(environment: Environment, field: string, given: string) {
  const parts = given.split('/');
  if (parts[0] === 'workspaces' && isWorkspace(environment, parts[1] ?? '')) parts.splice(0, 2);
  if (parts[0] === 'sources' && parts[2] === 'destinations' && parts.length === 4) {
    parts.splice(2, 1);
    parts.shift();
  }
  const [source, destination] = parts;
  if (source && destination && parts.length === 2) return { source, destination };
  const message = `"${field}" must name a source and a destination of it`;
  throw new InputFailure([{ field, message }]);
}
