import { TributaryError } from '../../../core/errors.ts';
import { findDestination } from '../../destinations/find-destination.ts';
import { Type } from '../../schemas/type.ts';
import { deliverySummary, summaryDefaults, summaryWindows } from '../../usage/delivery-summary.ts';
import { granularities, usageRange } from '../../usage/usage-range.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { readOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';

export const listDeliveryMetricsSummaryFromDestination = readOperation({
  operationId: 'listDeliveryMetricsSummaryFromDestination',
  method: 'GET',
  path: '/destinations/{destinationId}/delivery-metrics',
  tag: 'Destinations',
  summary: 'What became of the events of a destination, in sums',
  permission: 'read',
  on: { destination: 'destinationId' },
  tiers: ['v1beta', 'v1alpha'],
  params: Type.Object({ destinationId: Id }),
  query: Type.Object({
    sourceId: Type.String(),
    startTime: Type.Optional(Type.String()),
    endTime: Type.Optional(Type.String()),
    granularity: Type.Optional(oneOf(granularities)),
  }),
  response: Type.Object({
    deliveryMetricsSummary: Type.Object({
      sourceId: Type.String(),
      destinationMetadataId: Type.String(),
      metrics: Type.Array(
        Type.Object({
          metricName: Type.String(),
          total: Type.Number(),
          breakdown: Type.Optional(
            Type.Array(Type.Object({ metricName: Type.String(), value: Type.Number() })),
          ),
        }),
      ),
    }),
  }),
  handle: async (context, { params, query }) => {
    const id = params.destinationId;
    const row = await findDestination(context.db, id);
    if (row.source_id !== query.sourceId) {
      throw new TributaryError('not_found', `Destination with id '${id}' not found.`);
    }
    const now = context.environment.clock.now();
    const { granularity = 'MINUTE', startTime, endTime } = query;
    const end = endTime === undefined ? now : parseIsoTime('endTime', endTime);
    const start =
      startTime === undefined
        ? end - summaryDefaults[granularity]
        : parseIsoTime('startTime', startTime);
    const range = usageRange(granularity, start, end, summaryWindows, now);
    return {
      deliveryMetricsSummary: {
        sourceId: row.source_id,
        destinationMetadataId: row.metadata_id,
        metrics: [...(await deliverySummary(context, row, range))],
      },
    };
  },
});
