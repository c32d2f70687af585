import { stageOf } from '../../usage/group-usage.ts';
import { sourceOverview } from './overview-operation.ts';

export const getIngressFailedMetricsFromDeliveryOverview = sourceOverview({
  operationId: 'getIngressFailedMetricsFromDeliveryOverview',
  path: 'failed-on-ingest',
  summary: 'Events of a source that were refused when they came',
  counts: ({ code }) => stageOf(code) === 'ingest',
  hasReasons: true,
});
