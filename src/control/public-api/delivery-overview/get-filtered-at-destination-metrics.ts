import { destinationOverview } from './overview-operation.ts';

export const getFilteredAtDestinationMetricsFromDeliveryOverview = destinationOverview({
  operationId: 'getFilteredAtDestinationMetricsFromDeliveryOverview',
  path: 'filtered-at-destination',
  summary: 'Events that were not for the destination',
  counts: ({ outcome }) => outcome === 'filtered',
  hasReasons: true,
});
