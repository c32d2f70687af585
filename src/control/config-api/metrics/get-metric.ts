import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configRead } from '../frame/config-operation.ts';
import { MetricOutput, pickMetric, readMetrics } from './metric.ts';
import { metricRange, rangeQuery } from './metric-range.ts';

export const getMetric = configRead({
  operationId: 'configGetMetric',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/metrics/{metric}',
  tag: 'Event Delivery Metrics',
  summary:
    'One metric of a destination: `successes`, `expired`, `discarded`, `retried`, `time_to_success` or `time_to_first_attempt`',
  permission: 'read',
  area: 'source',
  query: Type.Object(rangeQuery),
  response: MetricOutput,
  handle: async (context, { params, query }) => {
    const named = await namedDestination(context, params);
    const range = await metricRange(context, query);
    return pickMetric(await readMetrics(context, named, range), named, params.metric);
  },
});
