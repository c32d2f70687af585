import { stageOf } from '../../usage/group-usage.ts';
import { sourceOverview } from './overview-operation.ts';

export const getFilteredAtSourceMetricsFromDeliveryOverview = sourceOverview({
  operationId: 'getFilteredAtSourceMetricsFromDeliveryOverview',
  path: 'filtered-at-source',
  summary: 'Events of a source that were received and go to no destination',
  counts: ({ code, outcome }) => outcome === 'discard' && stageOf(code) === 'process',
  hasReasons: true,
});
