import { isReceived } from '../../usage/group-usage.ts';
import { sourceOverview } from './overview-operation.ts';

export const getIngressSuccessMetricsFromDeliveryOverview = sourceOverview({
  operationId: 'getIngressSuccessMetricsFromDeliveryOverview',
  path: 'successfully-received',
  summary: 'Events of a source that were received',
  counts: isReceived,
});
