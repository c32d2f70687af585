import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configRead } from '../frame/config-operation.ts';
import { metricRange, rangeQuery } from './metric-range.ts';
import { MetricsSummary, metricsSummary } from './metrics-summary.ts';

export const getMetricsSummary = configRead({
  operationId: 'configGetMetricsSummary',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/metrics:getSummary',
  tag: 'Event Delivery Metrics',
  summary: 'What became of the events of a destination, in sums',
  permission: 'read',
  area: 'source',
  query: Type.Object(rangeQuery),
  response: MetricsSummary,
  handle: async (context, { params, query }) =>
    metricsSummary(
      context,
      await namedDestination(context, params),
      await metricRange(context, query),
    ),
});
