import type { ReadContext } from '../../context.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { deliverySummary } from '../../usage/delivery-summary.ts';
import type { NamedDestination } from '../destinations/named-destination.ts';
import { MetricSum, metricSum } from './metric.ts';
import { type MetricRange, rangeOutput } from './metric-range.ts';

export const MetricsSummary = Type.Object({
  /** Of the destination. */
  name: Type.String(),
  ...rangeOutput,
  metrics: Type.Array(MetricSum),
});

/** What became of the events of a destination in a range, in sums. */
export async function metricsSummary(
  context: ReadContext,
  { destination, name }: NamedDestination,
  { range, shown }: MetricRange,
): Promise<Static<typeof MetricsSummary>> {
  const metrics = await deliverySummary(context, destination, range);
  return { name, ...shown, metrics: metrics.map((metric) => metricSum('', metric)) };
}
