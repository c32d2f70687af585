import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configRead } from '../frame/config-operation.ts';
import { MetricOutput, pickMetric, readMetrics } from './metric.ts';
import { metricRange, rangeQuery } from './metric-range.ts';

export const batchGetMetrics = configRead({
  operationId: 'configBatchGetMetrics',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/metrics:batchGet',
  tag: 'Event Delivery Metrics',
  summary: 'Several metrics of a destination, by their names, in the query or in a JSON body',
  permission: 'read',
  area: 'source',
  query: Type.Object({
    names: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
    ...rangeQuery,
  }),
  response: Type.Object({ metrics: Type.Array(MetricOutput) }),
  handle: async (context, { params, query }) => {
    const named = await namedDestination(context, params);
    const range = await metricRange(context, query);
    const all = await readMetrics(context, named, range);
    return { metrics: query.names.map((name) => pickMetric(all, named, name)) };
  },
});
