import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configRead } from '../frame/config-operation.ts';
import { pageOutput } from '../frame/page.ts';
import { MetricOutput, readMetrics } from './metric.ts';
import { metricRange, rangeQuery } from './metric-range.ts';

export const listMetrics = configRead({
  operationId: 'configListMetrics',
  method: 'GET',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/metrics',
  tag: 'Event Delivery Metrics',
  summary: 'What became of the events of a destination, in sums and over time',
  permission: 'read',
  area: 'source',
  query: Type.Object(rangeQuery),
  response: Type.Object({ metrics: Type.Array(MetricOutput), ...pageOutput }),
  handle: async (context, { params, query }) => {
    const named = await namedDestination(context, params);
    const range = await metricRange(context, query);
    return { metrics: await readMetrics(context, named, range), next_page_token: '' };
  },
});
