import type { ReadContext } from '../context.ts';
import type { DestinationRow } from '../destinations/find-destination.ts';
import { type DeliveryMetric, DeliverySums } from './delivery-sums.ts';
import { readRecords } from './read-records.ts';
import { timesOf, type UsageRange, type Windows } from './usage-range.ts';

const hour = 3_600_000;

/** How far the summary reaches (spec public-api §6), and how much of it is shown when nothing is said. */
export const summaryWindows: Windows = {
  MINUTE: { longest: 4 * hour, back: 48 * hour },
  HOUR: { longest: 7 * 24 * hour, back: 7 * 24 * hour },
  DAY: { longest: 14 * 24 * hour, back: 14 * 24 * hour },
};
export const summaryDefaults = { MINUTE: hour, HOUR: 7 * 24 * hour, DAY: 14 * 24 * hour } as const;

/**
 * What became of the events of a destination in a range: events taken, events that ran out of time, events given
 * up for other reasons, attempts repeated; and from receipt, in ms, how long it took until taken and until first tried.
 */
export async function deliverySummary(
  context: Pick<ReadContext, 'environment'>,
  { id, source_id }: Pick<DestinationRow, 'id' | 'source_id'>,
  range: UsageRange,
): Promise<readonly DeliveryMetric[]> {
  const sums = new DeliverySums();
  const owner = { sources: [source_id], destination: id };
  for await (const { record } of readRecords(context, owner, range)) sums.add(record);
  return sums.metrics();
}

/** The same for each span of the range, also where nothing happened, and for all of it. */
export async function deliverySeries(
  context: Pick<ReadContext, 'environment'>,
  { id, source_id }: Pick<DestinationRow, 'id' | 'source_id'>,
  range: UsageRange,
): Promise<{
  readonly total: readonly DeliveryMetric[];
  readonly spans: readonly { readonly time: number; readonly metrics: readonly DeliveryMetric[] }[];
}> {
  const total = new DeliverySums();
  const spans = new Map(timesOf(range).map((time) => [time, new DeliverySums()]));
  const owner = { sources: [source_id], destination: id };
  for await (const { time, record } of readRecords(context, owner, range)) {
    total.add(record);
    spans.get(Number(time))?.add(record);
  }
  return {
    total: total.metrics(),
    spans: [...spans].map(([time, sums]) => ({ time, metrics: sums.metrics() })),
  };
}
