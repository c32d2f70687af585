import { destinationOverview } from './overview-operation.ts';

export const getEgressFailedMetricsFromDeliveryOverview = destinationOverview({
  operationId: 'getEgressFailedMetricsFromDeliveryOverview',
  path: 'failed-delivery',
  summary: 'Events that the destination could not be given',
  counts: ({ outcome }) => outcome === 'failed',
  hasReasons: true,
  hasRetries: true,
});
