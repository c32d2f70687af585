import { destinationOverview } from './overview-operation.ts';

export const getEgressSuccessMetricsFromDeliveryOverview = destinationOverview({
  operationId: 'getEgressSuccessMetricsFromDeliveryOverview',
  path: 'successful-delivery',
  summary: 'Events that the destination took',
  counts: ({ outcome }) => outcome === 'delivered',
  hasRetries: true,
});
