import { TributaryError } from '../../../core/errors.ts';
import type { ReadContext } from '../../context.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { deliverySeries } from '../../usage/delivery-summary.ts';
import type { DeliveryMetric } from '../../usage/delivery-sums.ts';
import type { NamedDestination } from '../destinations/named-destination.ts';
import { configTime } from '../frame/config-time.ts';
import { type MetricRange, rangeOutput } from './metric-range.ts';

const Breakdown = Type.Array(Type.Object({ name: Type.String(), value: Type.Number() }));

export const MetricSum = Type.Object({
  name: Type.String(),
  /** Events; of the times, the average in milliseconds. */
  total: Type.Number(),
  breakdown: Breakdown,
});

export const MetricOutput = Type.Object({
  ...MetricSum.properties,
  ...rangeOutput,
  series: Type.Array(Type.Object({ time: Type.String(), total: Type.Number() })),
});

/** Every metric of a destination over a range, also of each of its spans. */
export async function readMetrics(
  context: ReadContext,
  { destination, name }: NamedDestination,
  { range, shown }: MetricRange,
): Promise<Static<typeof MetricOutput>[]> {
  const { total, spans } = await deliverySeries(context, destination, range);
  return total.map((metric, index) => ({
    ...metricSum(`${name}/metrics/`, metric),
    ...shown,
    series: spans.map(({ time, metrics }) => ({
      time: configTime(time),
      total: metrics[index]?.total ?? 0,
    })),
  }));
}

export function metricSum(
  prefix: string,
  { metricName, total, breakdown = [] }: DeliveryMetric,
): Static<typeof MetricSum> {
  return {
    name: `${prefix}${metricName}`,
    total,
    breakdown: breakdown.map(({ metricName: name, value }) => ({ name, value })),
  };
}

/** The metric of the name, full or alone. Rejects with `not_found`. */
export function pickMetric(
  metrics: readonly Static<typeof MetricOutput>[],
  { name }: NamedDestination,
  given: string,
): Static<typeof MetricOutput> {
  const wanted = given.includes('/') ? given : `${name}/metrics/${given}`;
  const metric = metrics.find((one) => one.name === wanted);
  if (metric !== undefined) return metric;
  throw new TributaryError('not_found', `Metric '${given}' not found.`);
}
